package io.turbulence.sql;

import java.util.Locale;

/// What differs from database to database as far as it matters here.
enum Dialect {
    POSTGRESQL(5432),
    MARIADB(3306),
    H2(9092),
    SQLITE(0),
    DUCKDB(0),
    SQLSERVER(1433),
    ORACLE(1521),
    OTHER(0);

    private final int port;

    Dialect(int port) {
        this.port = port;
    }

    /// By the part of a URL between `jdbc:` and the next colon.
    static Dialect of(String product) {
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "postgresql", "cockroachdb", "aws-wrapper", "yugabytedb" -> POSTGRESQL;
            case "mariadb", "mysql" -> MARIADB;
            case "h2" -> H2;
            case "sqlite" -> SQLITE;
            case "duckdb" -> DUCKDB;
            case "sqlserver" -> SQLSERVER;
            case "oracle" -> ORACLE;
            default -> OTHER;
        };
    }

    /// Where the server listens when the URL does not say; 0 when it is not known.
    int port() {
        return port;
    }

    boolean nestsComments() {
        return this == POSTGRESQL || this == H2 || this == DUCKDB;
    }

    boolean quotesWithDollars() {
        return this == POSTGRESQL || this == H2 || this == DUCKDB;
    }

    boolean quotesWithBackticks() {
        return this == MARIADB || this == SQLITE || this == H2 || this == OTHER;
    }

    boolean quotesWithBrackets() {
        return this == SQLITE || this == SQLSERVER;
    }

    boolean commentsWithHash() {
        return this == MARIADB;
    }

    /// Whether a backslash in a string escapes what follows, also without a leading `E`.
    boolean escapesWithBackslash() {
        return this == MARIADB;
    }

    /// Whether `?` is also an operator, written `??` for JDBC.
    boolean hasQuestionMarkOperators() {
        return this == POSTGRESQL;
    }

    /// Whether columns of date and time are read as `java.time`.
    boolean readsJavaTime() {
        return this == POSTGRESQL || this == MARIADB || this == H2;
    }

    /// Whether it tells the keys that it made.
    boolean tellsGeneratedKeys() {
        return this != DUCKDB && this != OTHER;
    }

    /// Whether rows come in portions of the fetch size inside a transaction only.
    boolean streamsInTransactionsOnly() {
        return this == POSTGRESQL;
    }

    /// Whether it takes lists as arrays.
    boolean hasArrays() {
        return this == POSTGRESQL || this == H2 || this == DUCKDB;
    }
}
