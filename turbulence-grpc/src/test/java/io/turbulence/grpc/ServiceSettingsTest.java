package io.turbulence.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Endpoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where a service is, by what people write.
class ServiceSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "localhost:50051, localhost, 50051",
        "orders.example.com, orders.example.com, 80",
        "dns:///orders.example.com:50051, orders.example.com, 50051",
        "dns:orders.example.com:50051, orders.example.com, 50051",
        "[::1]:50051, ::1, 50051",
        "[::1], ::1, 80"
    })
    void readsATarget(String target, String host, int port) {
        assertThat(Services.at(target).endpoint()).isEqualTo(Endpoint.of("grpc", host, port));
    }
}
