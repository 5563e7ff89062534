package io.turbulence.aws;

import software.amazon.awssdk.services.sqs.SqsClient;

/// Opens clients of SQS.
final class SqsClients extends Clients<SqsService, SqsClient> {

    SqsClients() {
        super(SqsService.class, "software.amazon.awssdk.services.sqs.SqsClient", "sqs");
    }

    @Override
    SqsClient make(SqsService service, ServiceClient.Wiring wiring) {
        return build(wiring);
    }

    static SqsClient build(ServiceClient.Wiring wiring) {
        return wiring.into(SqsClient.builder()).build();
    }
}
