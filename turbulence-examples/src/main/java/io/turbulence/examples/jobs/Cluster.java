package io.turbulence.examples.jobs;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Runs the jobs of all platforms: each is queued for a moment, runs for a moment, and writes what it made to
/// the database before it has succeeded. Thread-safe.
final class Cluster implements AutoCloseable {

    private static final long QUEUED_MILLIS = 50;
    private static final long RUNNING_MILLIS = 150;

    private final Map<String, JobRun> runs = new ConcurrentHashMap<>();
    private final String platform;
    private final Connection database;

    Cluster(String platform, String url) throws SQLException {
        this.platform = platform;
        this.database = DriverManager.getConnection(url);
        try (Statement statement = database.createStatement()) {
            statement.execute("create table if not exists job_output (platform varchar(20), run_id varchar(80),"
                    + " job varchar(80), records int, primary key (platform, run_id))");
        }
    }

    JobRun submit(JobRun run) {
        runs.put(run.id(), run);
        Thread.ofVirtual().name("job-" + run.id()).start(() -> live(run));
        return run;
    }

    @Nullable
    JobRun find(String id) {
        return runs.get(id);
    }

    private void live(JobRun run) {
        try {
            Thread.sleep(QUEUED_MILLIS);
            run.phase(JobRun.Phase.RUNNING);
            Thread.sleep(RUNNING_MILLIS);
            end(run);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(JobRun run) {
        if (run.breaks()) {
            run.phase(JobRun.Phase.FAILED);
            return;
        }
        try {
            write(run);
            run.phase(JobRun.Phase.SUCCEEDED);
        } catch (SQLException e) {
            run.phase(JobRun.Phase.FAILED);
        }
    }

    private synchronized void write(JobRun run) throws SQLException {
        try (PreparedStatement insert = database.prepareStatement(
                "insert into job_output (platform, run_id, job, records) values (?, ?, ?, ?)")) {
            insert.setString(1, platform);
            insert.setString(2, run.id());
            insert.setString(3, run.job());
            insert.setInt(4, run.records());
            insert.executeUpdate();
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
