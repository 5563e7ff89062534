package io.turbulence.sql;

import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What can be said about a step when it is loaded.
final class StepChecks {

    private static final List<String> TEXTS = List.of("query", "execute", "file", "script");

    private static final Pattern TRANSACTION = Pattern.compile(
            "(begin|start|commit|rollback|end|abort)(\\s+(work|transaction))?\\s*;?", Pattern.CASE_INSENSITIVE);

    private final Preparation<SqlStep> step;
    private final Problems problems;
    private final Dialect dialect;

    private StepChecks(Preparation<SqlStep> step, Dialect dialect) {
        this.step = step;
        this.problems = step.problems();
        this.dialect = dialect;
    }

    static void check(Preparation<SqlStep> step) {
        Dialect dialect;
        try {
            dialect = JdbcUrl.parse(step.service(Database.class).url()).dialect();
        } catch (IllegalArgumentException e) {
            // Reported at the service
            return;
        }
        new StepChecks(step, dialect).check();
    }

    private void check() {
        if (TEXTS.stream().noneMatch(step::has) && !step.has("transaction")) {
            problems.error("", "no statement", "one of 'query', 'execute', 'file', 'script', or 'transaction'", null);
            return;
        }
        transaction();
        step.constant("query", String.class).ifPresent(sql -> statement("query", sql));
        step.constant("execute", String.class).ifPresent(sql -> statement("execute", sql));
        step.constant("script", String.class).ifPresent(sql -> script("script", sql));
        step.constant("file", Path.class).ifPresent(this::file);
        if (step.has("batch") && !step.has("execute") && !step.has("file")) {
            problems.error("batch", "a batch of no statement", "a statement under 'execute'", null);
        }
        if (step.has("batch") && step.has("fetch_size")) {
            problems.error("fetch_size", "rows of a batch", "no 'fetch_size', since a batch answers no rows", null);
        }
    }

    private void transaction() {
        if (step.has("transaction") && step.pool().scope() != PoolSettings.Scope.INSTANCE) {
            problems.error(
                    "transaction",
                    "a transaction on connections that all instances share",
                    "'scope: instance' in the service's pool",
                    "Each step may run on another connection of the pool otherwise.");
        }
    }

    private void statement(String key, String sql) {
        List<Script.Statement> all = Script.parse(sql, dialect).statements();
        if (all.isEmpty()) {
            problems.error(key, "no statement", "SQL", null);
            return;
        }
        if (all.size() > 1) {
            problems.error(key, all.size() + " statements", "one statement", "Use 'script' for several.");
            return;
        }
        if (TRANSACTION.matcher(sql.strip()).matches()) {
            problems.error(
                    key,
                    "'" + sql.strip() + "' as a statement",
                    "'transaction: begin', 'commit' or 'rollback'",
                    "The pool must know that a transaction is open.");
            return;
        }
        try {
            values(key, ParsedStatement.parse(sql, dialect));
        } catch (IllegalArgumentException e) {
            problems.error(key, String.valueOf(e.getMessage()), "either '?' or ':name' for values", null);
        }
    }

    private void values(String key, ParsedStatement statement) {
        boolean given = step.has("params") || step.has("batch");
        if (statement.values() > 0 && !given) {
            problems.error(
                    key,
                    "%d values to bind and no 'params'".formatted(statement.values()),
                    statement.named()
                            ? "'params' with " + String.join(", ", statement.distinctNames())
                            : "'params' with a list of %d".formatted(statement.values()),
                    null);
        }
        Optional<Object> params = step.constant("params", Object.class);
        if (params.isEmpty()) {
            return;
        }
        switch (params.get()) {
            case Map<?, ?> map -> named(statement, map);
            case List<?> list -> inOrder(statement, list);
            default -> problems.error("params", "'" + params.get() + "'", "a list or a mapping", null);
        }
    }

    private void named(ParsedStatement statement, Map<?, ?> map) {
        if (!statement.named()) {
            problems.error("params", "a mapping", "a list, since the statement has no ':name'", null);
            return;
        }
        for (String name : statement.distinctNames()) {
            if (!map.containsKey(name)) {
                problems.error("params", "no '" + name + "'", "a value for ':" + name + "'", null);
            }
        }
        for (Object name : map.keySet()) {
            if (!statement.names().contains(String.valueOf(name))) {
                problems.error(
                        "params." + name,
                        "a value that the statement does not name",
                        "one of " + String.join(", ", statement.distinctNames()),
                        null);
            }
        }
    }

    private void inOrder(ParsedStatement statement, List<?> list) {
        if (statement.named()) {
            problems.error("params", "a list", "a mapping with " + String.join(", ", statement.distinctNames()), null);
        } else if (list.size() != statement.values()) {
            problems.error(
                    "params", list.size() + " values", statement.values() + ", as many as the statement has '?'", null);
        }
    }

    private void script(String key, String sql) {
        List<Script.Statement> all = Script.parse(sql, dialect).statements();
        if (all.isEmpty()) {
            problems.error(key, "no statement", "SQL", null);
        }
        if (step.has("params") || step.has("batch")) {
            problems.error(
                    step.has("params") ? "params" : "batch",
                    "values for a script",
                    "a single statement under 'execute'",
                    null);
        }
    }

    private void file(Path file) {
        String sql;
        try {
            sql = Files.readString(file);
        } catch (IOException e) {
            problems.error("file", "'" + file + "' cannot be read", "a file with SQL, in UTF-8", null);
            return;
        }
        if (sql.contains("{{")) {
            problems.error(
                    "file",
                    "a template in the SQL of '" + file + "'",
                    "text without '{{'",
                    "Write ':name' there and give the value under 'params'.");
        } else if (Script.parse(sql, dialect).statements().size() == 1) {
            statement("file", sql);
        } else {
            script("file", sql);
        }
    }
}
