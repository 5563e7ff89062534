package io.turbulence.sql;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which entry of a batch the database refused, as far as its driver tells.
///
/// By the counts where they end at it or mark it alone. PostgreSQL's driver marks all of them, since none stands, and
/// tells the entry in its message; MariaDB's marks all and tells nothing; SQLite's gives no counts.
///
/// @param index      in the whole batch; -1 when it is not known
/// @param doneBefore how many entries stand that came before; -1 when it is not known
/// @param where      names it for a message
record FailedEntry(int index, long doneBefore, String where) {

    private static final Pattern POSTGRESQL = Pattern.compile("Batch entry ([\\d.,\\h]+) ");

    /// @param from      the first entry that was sent together
    /// @param count     how many were
    /// @param rewritten whether the driver makes one statement of many entries, and then counts these
    static FailedEntry of(SQLException refusal, int from, int count, boolean rewritten) {
        if (count == 1) {
            return new FailedEntry(from, from, "batch[" + from + "]");
        }
        int counted = refusal instanceof BatchUpdateException batch ? byCounts(batch.getUpdateCounts(), count) : -1;
        if (counted >= 0) {
            return new FailedEntry(from + counted, from + counted, "batch[" + (from + counted) + "]");
        }
        int told = rewritten ? -1 : byMessage(String.valueOf(refusal.getMessage()));
        return told >= 0 && told < count
                ? new FailedEntry(from + told, -1, "batch[" + (from + told) + "]")
                : new FailedEntry(-1, -1, "one of batch[" + from + "] to batch[" + (from + count - 1) + "]");
    }

    private static int byCounts(int[] counts, int count) {
        int failed = -1;
        int marked = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == Statement.EXECUTE_FAILED) {
                failed = failed < 0 ? i : failed;
                marked++;
            }
        }
        if (marked == 0) {
            return counts.length < count ? counts.length : -1;
        }
        return marked < counts.length ? failed : -1;
    }

    private static int byMessage(String message) {
        Matcher told = POSTGRESQL.matcher(message);
        if (!told.lookingAt()) {
            return -1;
        }
        String digits = told.group(1).replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 9 ? -1 : Integer.parseInt(digits);
    }
}
