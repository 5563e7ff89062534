package io.turbulence.aws;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.StreamBounds;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import software.amazon.awssdk.services.s3.S3Client;

/// Lists objects: each is a message of a stream, and a page is asked for when the last one is used up.
final class ListAction implements ProtocolAction<ListSettings, Access<S3Client>> {

    private final S3Clients clients;

    ListAction(S3Clients clients) {
        this.clients = clients;
    }

    @Override
    public String type() {
        return "s3.list";
    }

    @Override
    public Class<ListSettings> settings() {
        return ListSettings.class;
    }

    @Override
    public ConnectionFactory<?, Access<S3Client>> connection() {
        return clients;
    }

    @Override
    public void prepare(Preparation<ListSettings> step) {
        S3Objects.check(step);
    }

    @Override
    public Observation execute(ListSettings settings, Access<S3Client> access, ActionContext context) throws Exception {
        return Exchanging.run(settings, access, context);
    }

    /// Apart, so that the SDK's classes for this service are looked for only when a step uses it.
    private static final class Exchanging {

        static Observation run(ListSettings settings, Access<S3Client> access, ActionContext context) throws Exception {
            return Exchange.run(S3Objects.TRANSPORT, "'" + settings.bucket() + "'", context, call -> {
                ObjectPages pages = ObjectPages.first(settings, access.client(), call);
                Metadata.Builder facts = Facts.of(pages.newest(), call);
                facts.put("bucket", settings.bucket());
                Facts.put(facts, "prefix", settings.prefix());
                return Facts.good(S3Objects.TRANSPORT, pages.newest(), facts, Payload.stream(pages, StreamBounds.NONE));
            });
        }
    }
}
