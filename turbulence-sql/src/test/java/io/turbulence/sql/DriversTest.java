package io.turbulence.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class DriversTest {

    @Test
    void seesTheDriversOfItsLoaderAndNoOthers() throws Exception {
        URL sqlite = org.sqlite.JDBC.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader folder = new URLClassLoader(new URL[] {sqlite}, ClassLoader.getPlatformClassLoader())) {
            Drivers drivers = Drivers.seenFrom(folder);
            assertThat(drivers.names()).isEqualTo("org.sqlite.JDBC");
            assertThat(drivers.forUrl("jdbc:sqlite::memory:"))
                    .hasValueSatisfying(driver ->
                            assertThat(driver.getClass().getClassLoader()).isSameAs(folder));
            assertThat(drivers.forUrl("jdbc:postgresql://localhost/x")).isEmpty();
        }
    }

    @Test
    void saysSoWhereThereIsNone() throws Exception {
        try (URLClassLoader empty = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            assertThat(Drivers.seenFrom(empty).names()).isEqualTo("none");
        }
    }
}
