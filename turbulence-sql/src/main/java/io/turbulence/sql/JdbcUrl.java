package io.turbulence.sql;

import io.turbulence.api.Endpoint;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A JDBC URL, as far as it can be read without its driver.
///
/// @param product    between `jdbc:` and the next colon: `postgresql`, `h2`
/// @param place      host and port, or the file or name of a database in this process
/// @param inProcess  whether the database runs inside this process
/// @param nativeCode whether its calls hold on to the thread that makes them
/// @param shown      for messages: without what may be secret
record JdbcUrl(String product, Dialect dialect, Endpoint place, boolean inProcess, boolean nativeCode, String shown) {

    private static final Pattern PRODUCT = Pattern.compile("jdbc:([a-zA-Z0-9_-]+):(.*)", Pattern.DOTALL);
    private static final Pattern HOST = Pattern.compile(
            "(?:[a-z]+:)*(?:thin:@)?//(?:[^/@?;]*@)?(\\[[^\\]]+\\]|[^:/,;?]+)?(?::(\\d{1,5}))?.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /// @throws IllegalArgumentException when it is none
    static JdbcUrl parse(String url) {
        Matcher matcher = PRODUCT.matcher(url.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + withoutParameters(url) + "' is no JDBC URL");
        }
        String product = matcher.group(1).toLowerCase(Locale.ROOT);
        String rest = matcher.group(2);
        Dialect dialect = Dialect.of(product);
        String shown = "jdbc:" + product + ":" + withoutParameters(rest);
        Matcher host = HOST.matcher(rest);
        if (host.matches() && dialect != Dialect.SQLITE && dialect != Dialect.DUCKDB) {
            String name = host.group(1) == null ? "localhost" : host.group(1);
            int port = host.group(2) == null ? dialect.port() : port(host.group(2), shown);
            return new JdbcUrl(product, dialect, Endpoint.of("jdbc:" + product, name, port), false, false, shown);
        }
        boolean inProcess = dialect == Dialect.H2 || dialect == Dialect.SQLITE || dialect == Dialect.DUCKDB;
        if (dialect == Dialect.POSTGRESQL) {
            // jdbc:postgresql:shop means the local server
            Endpoint local = Endpoint.of("jdbc:" + product, "localhost", dialect.port());
            return new JdbcUrl(product, dialect, local, false, false, shown);
        }
        String name = withoutParameters(rest);
        boolean inMemory =
                dialect == Dialect.H2 && name.toLowerCase(Locale.ROOT).startsWith("mem:");
        return new JdbcUrl(
                product,
                dialect,
                Endpoint.of("jdbc:" + product, name.isEmpty() ? "memory" : name, 0),
                inProcess,
                inProcess && !inMemory,
                shown);
    }

    /// Whether the database is gone when its last connection is closed.
    boolean livesInMemory() {
        String name = place.host();
        return inProcess
                && switch (dialect) {
                    case H2 -> name.startsWith("mem:") && !name.equals("mem:");
                    case DUCKDB -> name.startsWith(":memory:") && !name.equals(":memory:");
                    case SQLITE -> name.contains("mode=memory") || name.startsWith("file:");
                    case POSTGRESQL, MARIADB, SQLSERVER, ORACLE, OTHER -> false;
                };
    }

    private static int port(String digits, String shown) {
        int port = Integer.parseInt(digits);
        if (port > 65_535) {
            throw new IllegalArgumentException("port " + digits + " in '" + shown + "' is above 65535");
        }
        return port;
    }

    /// What follows `?` or `;` may hold a password; so may what stands before `@`.
    private static String withoutParameters(String url) {
        int end = url.length();
        for (char mark : new char[] {'?', ';'}) {
            int at = url.indexOf(mark);
            if (at >= 0) {
                end = Math.min(end, at);
            }
        }
        String plain = url.substring(0, end);
        int user = plain.indexOf('@');
        int slashes = plain.indexOf("//");
        return user > slashes && slashes >= 0 ? plain.substring(0, slashes + 2) + plain.substring(user + 1) : plain;
    }
}
