package io.turbulence.sql;

import java.lang.System.Logger.Level;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/// The JDBC drivers that can be seen from where the plugin was loaded: the class path, or the jars in
/// the plugin's folder. `DriverManager` is not asked: it shows a class only the drivers of its own loader's
/// parents, and those of all plugins to nobody.
final class Drivers {

    private static final System.Logger LOG = System.getLogger(Drivers.class.getName());

    private final List<Driver> drivers;

    private Drivers(List<Driver> drivers) {
        this.drivers = drivers;
    }

    static Drivers seenFrom(ClassLoader loader) {
        List<Driver> found = new ArrayList<>();
        Iterator<ServiceLoader.Provider<Driver>> providers =
                ServiceLoader.load(Driver.class, loader).stream().iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return new Drivers(found);
                }
                found.add(providers.next().get());
            } catch (ServiceConfigurationError | LinkageError e) {
                LOG.log(Level.WARNING, "a JDBC driver could not be loaded and is left out", e);
            }
        }
    }

    /// The first that takes the URL.
    Optional<Driver> forUrl(String url) {
        for (Driver driver : drivers) {
            try {
                if (driver.acceptsURL(url)) {
                    return Optional.of(driver);
                }
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, () -> driver.getClass().getName() + " could not say whether it takes a URL", e);
            }
        }
        return Optional.empty();
    }

    /// Their names, for messages.
    String names() {
        return drivers.isEmpty()
                ? "none"
                : drivers.stream()
                        .map(driver -> driver.getClass().getName())
                        .sorted()
                        .collect(Collectors.joining(", "));
    }

    /// What to do when no driver takes a URL.
    static String hint(JdbcUrl url) {
        String jar = switch (url.dialect()) {
            case POSTGRESQL -> "org.postgresql:postgresql";
            case MARIADB ->
                url.product().equals("mysql") ? "com.mysql:mysql-connector-j" : "org.mariadb.jdbc:mariadb-java-client";
            case H2 -> "com.h2database:h2";
            case SQLITE -> "org.xerial:sqlite-jdbc";
            case DUCKDB -> "org.duckdb:duckdb_jdbc";
            case SQLSERVER -> "com.microsoft.sqlserver:mssql-jdbc";
            case ORACLE -> "com.oracle.database.jdbc:ojdbc17";
            case OTHER -> "";
        };
        return "Put the driver's jar" + (jar.isEmpty() ? "" : " (" + jar + ")")
                + " into plugins/sql/, or among the dependencies.";
    }
}
