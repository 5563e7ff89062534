package io.turbulence.spi.skeletons;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// That they compile is the point; here it is counted what they cover.
class SkeletonsTest {

    private static final List<ProtocolPlugin> PLUGINS =
            List.of(new KafkaSkeleton(), new GrpcSkeleton(), new SqlSkeleton(), new WebSocketSkeleton());

    @Test
    void useEveryModeOfConnection() {
        assertThat(factories().map(SkeletonsTest::mode).distinct().toList())
                .containsExactlyInAnyOrder("shared", "exclusive", "negotiated", "pooled", "subscribed");
    }

    @Test
    void bringSeveralFactoriesInOnePlugin() {
        assertThat(new KafkaSkeleton().actions())
                .extracting(ProtocolAction::connection)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void declareTheServiceOfEachFactory() {
        List<Class<?>> declared = PLUGINS.stream()
                .flatMap(plugin -> plugin.services().stream())
                .<Class<?>>map(ServiceType::settings)
                .toList();
        assertThat(factories().<Class<?>>map(ConnectionFactory::settings).toList())
                .allMatch(declared::contains);
    }

    @Test
    void leadWhereASettingSays() {
        ProtocolAction<WebSocketSkeleton.Elsewhere, ?> upgrade = find("ws.upgrade");
        Endpoint service = Endpoint.of("ws", "here", 80);
        assertThat(upgrade.endpoint(new WebSocketSkeleton.Elsewhere(""), service))
                .isEqualTo(service);
        assertThat(upgrade.endpoint(new WebSocketSkeleton.Elsewhere("ws://there:81"), service))
                .isEqualTo(Endpoint.of("ws", "there", 81));
    }

    @SuppressWarnings("unchecked")
    private static <S extends Record> ProtocolAction<S, ?> find(String type) {
        return (ProtocolAction<S, ?>) PLUGINS.stream()
                .flatMap(plugin -> plugin.actions().stream())
                .filter(action -> action.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<ConnectionFactory<?, ?>> factories() {
        return PLUGINS.stream().flatMap(plugin -> plugin.actions().stream()).map(ProtocolAction::connection);
    }

    private static String mode(ConnectionFactory<?, ?> factory) {
        return switch (factory) {
            case ConnectionFactory.Shared<?, ?> shared -> "shared";
            case ConnectionFactory.Exclusive<?, ?> exclusive -> "exclusive";
            case ConnectionFactory.Negotiated<?, ?> negotiated -> "negotiated";
            case ConnectionFactory.Pooled<?, ?> pooled -> "pooled";
            case ConnectionFactory.Subscribed<?> subscribed -> "subscribed";
        };
    }
}
