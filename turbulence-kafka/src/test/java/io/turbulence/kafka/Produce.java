package io.turbulence.kafka;

import java.util.Map;

/// Steps that send.
final class Produce {

    private Produce() {}

    static ProduceAction action() {
        return new ProduceAction(new Producers.Plain(), new Producers.Transactional());
    }

    static ProduceSettings text(String topic, String key, String value) {
        return new ProduceSettings(
                topic, key, Map.of(), null, null, value, null, null, null, null, null, false, null, null, null, false,
                true);
    }
}
