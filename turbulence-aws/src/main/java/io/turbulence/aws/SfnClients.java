package io.turbulence.aws;

import software.amazon.awssdk.services.sfn.SfnClient;

/// Opens clients of Step Functions.
final class SfnClients extends Clients<SfnService, SfnClient> {

    SfnClients() {
        super(SfnService.class, "software.amazon.awssdk.services.sfn.SfnClient", "sfn");
    }

    @Override
    SfnClient make(SfnService service, ServiceClient.Wiring wiring) {
        return wiring.into(SfnClient.builder()).build();
    }
}
