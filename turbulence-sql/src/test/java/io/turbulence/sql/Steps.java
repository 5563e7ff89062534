package io.turbulence.sql;

import org.jspecify.annotations.Nullable;

/// Steps as a file would give them.
final class Steps {

    private Steps() {}

    static SqlStep query(String sql) {
        return query(sql, null);
    }

    static SqlStep query(String sql, @Nullable Object params) {
        return new SqlStep(sql, null, null, null, params, null, null, null, null);
    }

    static SqlStep execute(String sql, @Nullable Object params) {
        return new SqlStep(null, sql, null, null, params, null, null, null, null);
    }
}
