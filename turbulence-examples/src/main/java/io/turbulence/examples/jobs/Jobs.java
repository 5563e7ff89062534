package io.turbulence.examples.jobs;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/// The platforms as a program: `Jobs --port 8080 --database jdbc:h2:tcp://127.0.0.1:9092/mem:jobs`.
public final class Jobs {

    private Jobs() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        List<String> given = List.of(arguments);
        JobPlatforms platforms = JobPlatforms.start(
                Integer.parseInt(option(given, "--port", "8080")), option(given, "--database", "jdbc:h2:mem:jobs"));
        System.out.println("Airflow, Dagster, Prefect, Livy and Spark are on port " + platforms.port());
        Thread.currentThread().join();
    }

    private static String option(List<String> given, String name, String otherwise) {
        int at = given.indexOf(name);
        return at < 0 ? otherwise : given.get(at + 1);
    }
}
