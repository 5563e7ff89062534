package io.turbulence.aws;

import software.amazon.awssdk.services.kinesis.KinesisClient;

/// Opens clients of Kinesis.
final class KinesisClients extends Clients<KinesisService, KinesisClient> {

    /// The SDK reads it once, when a client is made.
    private static final String CBOR = "aws.cborEnabled";

    private static final Object LOCK = new Object();

    KinesisClients() {
        super(KinesisService.class, "software.amazon.awssdk.services.kinesis.KinesisClient", "kinesis");
    }

    @Override
    KinesisClient make(KinesisService service, ServiceClient.Wiring wiring) {
        return build(wiring);
    }

    /// Kinesis speaks CBOR and JSON, of which stand-ins know JSON. The SDK has no other switch for it than a property
    /// of
    /// the whole process; who sets that one decides.
    static KinesisClient build(ServiceClient.Wiring wiring) {
        if (wiring.endpoint() == null || System.getProperty(CBOR) != null) {
            return wiring.into(KinesisClient.builder()).build();
        }
        synchronized (LOCK) {
            System.setProperty(CBOR, "false");
            try {
                return wiring.into(KinesisClient.builder()).build();
            } finally {
                System.clearProperty(CBOR);
            }
        }
    }
}
