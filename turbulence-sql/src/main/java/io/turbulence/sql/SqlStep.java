package io.turbulence.sql;

import static io.turbulence.spi.Setting.Templates.FORBIDDEN;
import static io.turbulence.spi.Setting.Templates.LOAD;

import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A step that runs SQL.
@OneOf({"query", "execute", "file", "script"})
@OneOf({"params", "batch"})
record SqlStep(
        @Setting(
                value = "A statement whose rows are wanted. Values are bound, never put into the text: `?` or `:name`.",
                example = "select status from orders where id = :id",
                templates = FORBIDDEN)
        @Nullable
        String query,

        @Setting(
                value = "A statement that changes something. Keys that it makes are in `metadata.generated_keys`.",
                example = "insert into orders (id, total) values (?, ?)",
                templates = FORBIDDEN)
        @Nullable
        String execute,

        @Setting(
                value = "A file with one statement, which takes values, or with several, which take none.",
                example = "sql/schema.sql",
                templates = LOAD)
        @Nullable
        Path file,

        @Setting(
                value = "Several statements separated by semicolons, run one by one. They take no values.",
                example = "\"create table a (id int); create table b (id int)\"",
                templates = FORBIDDEN)
        @Nullable
        String script,

        @Setting(
                value = "The values: a list for `?`, a map for `:name`. A list as a value is an array, a map is JSON.",
                example = "{id: \"{{order_id}}\"}")
        @Nullable
        Object params,

        @Setting(
                value = "Runs the statement once for each entry, all sent together. Each entry is as `params`.",
                example = "[[1, a], [2, b]]")
        @Nullable
        Object batch,

        @Setting(
                value = "Most rows that the answer may have; more are a failure. 0 for no limit, which lets a "
                        + "database use plans that a limit rules out. 10000 unless the rows are streamed.",
                range = "0..2147483646",
                templates = LOAD)
        @Nullable
        Integer maxRows,

        @Setting(
                value = "Streams the rows, so many fetched at a time: memory stays bounded however many there are.",
                range = "1..1000000",
                templates = LOAD)
        @Nullable
        Integer fetchSize,

        @Setting(
                value = "Begins a transaction before the statement, or ends it after. The service's pool needs "
                        + "`scope: instance`. One that is still open when the instance ends is rolled back.",
                templates = LOAD)
        @Nullable
        TransactionStep transaction) {

    /// What a step does to the transaction of its instance.
    enum TransactionStep {
        BEGIN,
        COMMIT,
        ROLLBACK
    }
}
