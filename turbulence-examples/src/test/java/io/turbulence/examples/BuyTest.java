package io.turbulence.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import io.turbulence.examples.shop.ShopServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuyTest {

    @TempDir
    private Path results;

    private ShopServer shop;

    @BeforeEach
    void openTheShop() throws IOException {
        shop = ShopServer.start(0);
    }

    @AfterEach
    void closeTheShop() {
        shop.close();
    }

    @Test
    void anOrderIsConfirmed() {
        RunResult result = TurbulenceRun.builder()
                .system(Path.of("src/test/resources/readme/system.yaml"))
                .scenario(Path.of("src/test/resources/readme/buy.yaml"))
                .variable("SHOP_URL", "http://127.0.0.1:" + shop.port())
                .output(results)
                .build()
                .execute();

        assertThat(result.failed()).isZero();
        assertThat(result.ok()).as(result.message()).isTrue();
    }
}
