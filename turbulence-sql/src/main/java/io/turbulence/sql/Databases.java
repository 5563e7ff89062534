package io.turbulence.sql;

import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ConnectionPool;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Preparation;
import java.sql.Driver;

/// Makes the pool of a database. Keeps nothing.
final class Databases implements ConnectionFactory.Pooled<Database, SqlConnection> {

    @Override
    public Class<Database> settings() {
        return Database.class;
    }

    @Override
    public Endpoint endpoint(Database database) {
        try {
            return JdbcUrl.parse(database.url()).place();
        } catch (IllegalArgumentException e) {
            // It is reported where the service is checked
            return Endpoint.of("jdbc", "unknown", 0);
        }
    }

    @Override
    public void prepare(Preparation<Database> service) {
        ServiceChecks.check(service, drivers());
    }

    @Override
    public ConnectionPool<SqlConnection> open(Database database, OpenContext context) throws Exception {
        JdbcUrl url = JdbcUrl.parse(database.url());
        Drivers drivers = drivers();
        Driver driver = drivers.forUrl(database.url())
                .orElseThrow(() -> new IllegalArgumentException(
                        "'%s' has no driver among: %s. %s".formatted(url.shown(), drivers.names(), Drivers.hint(url))));
        SqlPool pool = SqlPool.make(database, url, driver, context);
        boolean filled = false;
        try {
            if (context.pool().min() > 0) {
                pool.release(pool.lease(context.deadline()), false);
            }
            filled = true;
            return pool;
        } finally {
            if (!filled) {
                pool.close();
            }
        }
    }

    private static Drivers drivers() {
        return Drivers.seenFrom(Databases.class.getClassLoader());
    }
}
