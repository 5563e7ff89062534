package io.turbulence.examples.jobs;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/// A driver program for a Spark cluster that writes a line into the warehouse:
/// `WarehouseDriver RECORDS RUN_ID JDBC_URL`. Without arguments it fails.
public final class WarehouseDriver {

    private WarehouseDriver() {}

    public static void main(String[] arguments) throws SQLException {
        if (arguments.length != 3) {
            throw new IllegalArgumentException("three arguments are needed: records, run id and JDBC URL");
        }
        try (Connection warehouse = DriverManager.getConnection(arguments[2]);
                Statement create = warehouse.createStatement()) {
            create.execute("create table if not exists job_output (platform varchar(20), run_id varchar(80),"
                    + " job varchar(80), records int, primary key (platform, run_id))");
            try (PreparedStatement insert =
                    warehouse.prepareStatement("insert into job_output values ('spark', ?, 'warehouse', ?)")) {
                insert.setString(1, arguments[1]);
                insert.setInt(2, Integer.parseInt(arguments[0]));
                insert.executeUpdate();
            }
        }
    }
}
