package io.turbulence.kafka;

import com.google.auto.service.AutoService;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import java.util.List;

/// Kafka: services with `bootstrap_servers`, and the actions that send, await and consume records.
///
/// One object serves one run. Its actions are thread-safe; its clients are opened and closed by the
/// host's pools.
@AutoService(ProtocolPlugin.class)
public final class KafkaPlugin implements ProtocolPlugin {

    private final Producers.Plain producers = new Producers.Plain();
    private final Producers.Transactional transactions = new Producers.Transactional();
    private final Topics topics = new Topics();
    private final GroupConsumers consumers = new GroupConsumers();

    /// Made by [java.util.ServiceLoader].
    public KafkaPlugin() {}

    @Override
    public PluginInfo info() {
        return PluginInfo.of("kafka", Version.TEXT, API_LEVEL);
    }

    @Override
    public List<ServiceType<?>> services() {
        return List.of(ServiceType.of("kafka", KafkaService.class)
                .impliedBy("bootstrap_servers")
                .shorthands("headers", "topic", "partition", "offset", "key")
                .status("status_code", KafkaFailures.names()));
    }

    @Override
    public List<ProtocolAction<?, ?>> actions() {
        return List.of(
                new ProduceAction(producers, transactions), new AwaitAction(topics), new ConsumeAction(consumers));
    }
}
