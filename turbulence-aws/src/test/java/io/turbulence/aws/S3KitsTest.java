package io.turbulence.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.tck.ActionTck;
import io.turbulence.tck.Capability;
import io.turbulence.tck.PluginContractTck;
import io.turbulence.tck.PooledConnectionTck;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import software.amazon.awssdk.services.s3.S3Client;

/// The kits for the plugin and for S3.
class S3KitsTest {

    private static Store store;

    @BeforeAll
    static void start() throws Exception {
        store = Store.start();
        store.bucket("kit").put("object.txt", "0123456789 and more of it".getBytes(UTF_8));
        store.bucket("kit").put("rows.csv", "id,name\n1,a\n2,b\n3,c\n4,d\n".getBytes(UTF_8));
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    private static S3Service at(Endpoint elsewhere) {
        return Store.serviceAt(elsewhere.toString());
    }

    @Nested
    class Plugin extends PluginContractTck {

        @Override
        protected ProtocolPlugin plugin() {
            return new AwsPlugin();
        }
    }

    @Nested
    class Pool extends PooledConnectionTck<S3Service, Access<S3Client>> {

        @Override
        protected ConnectionFactory.Pooled<S3Service, Access<S3Client>> factory() {
            return new S3Clients();
        }

        @Override
        protected S3Service settings() {
            return store.service();
        }

        @Override
        protected S3Service settingsAt(Endpoint elsewhere) {
            return at(elsewhere);
        }

        @Override
        protected void exchange(Access<S3Client> access) {
            access.client().headObject(head -> head.bucket("kit").key("object.txt"));
        }
    }

    @Nested
    class Get extends ActionTck<GetSettings, Access<S3Client>> {

        @Override
        protected ProtocolAction<GetSettings, Access<S3Client>> action() {
            return new GetAction(new S3Clients());
        }

        @Override
        protected Record serviceSettings() {
            return store.service();
        }

        @Override
        protected Record serviceSettingsAt(Endpoint elsewhere) {
            return at(elsewhere);
        }

        @Override
        protected GetSettings settings() {
            return Objects.get("kit", "object.txt");
        }

        @Override
        protected GetSettings streamingSettings() {
            return Objects.get("kit", "rows.csv", GetSettings.As.CSV, true);
        }
    }

    @Nested
    class Put extends ActionTck<PutSettings, Access<S3Client>> {

        @Override
        protected ProtocolAction<PutSettings, Access<S3Client>> action() {
            return new PutAction(new S3Clients());
        }

        @Override
        protected Record serviceSettings() {
            return store.service();
        }

        @Override
        protected Record serviceSettingsAt(Endpoint elsewhere) {
            return at(elsewhere);
        }

        @Override
        protected PutSettings settings() {
            return Objects.put("kit", "put.txt", "content");
        }

        @Override
        protected Set<Capability> capabilities() {
            return Capability.allBut(Capability.STREAMING);
        }
    }
}
