package io.turbulence.sql;

import static io.turbulence.spi.Setting.Templates.FORBIDDEN;
import static io.turbulence.spi.Setting.Templates.LOAD;

import io.turbulence.spi.Setting;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A service that is a database.
record Database(
        @Setting(
                value = "JDBC URL. The driver is found by it; H2 comes with the plugin.",
                example = "jdbc:postgresql://localhost:5432/shop",
                templates = LOAD)
        String url,

        @Setting(value = "User.", aliases = "user", example = "shop", templates = LOAD) @Nullable
        String username,

        @Setting(value = "Password.", example = "\"{{env.DB_PASSWORD}}\"", secret = true, templates = LOAD) @Nullable
        String password,

        @Setting(
                value = "Connection properties of the driver.",
                example = "{ApplicationName: turbulence}",
                templates = LOAD)
        Map<String, String> properties,

        @Setting(
                value = "Statements that every new connection runs first, separated by semicolons.",
                example = "set search_path to shop",
                templates = FORBIDDEN)
        @Nullable
        String initSql) {

    Database {
        properties = Map.copyOf(properties);
    }

    /// A database without anything but its URL.
    static Database at(String url) {
        return new Database(url, null, null, Map.of(), null);
    }

    /// Without secrets: the URL stripped of its parameters.
    @Override
    public String toString() {
        return "database at " + JdbcUrl.parse(url).shown();
    }
}
