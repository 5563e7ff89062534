package io.turbulence.examples.jobs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.turbulence.examples.jobs.JobRun.Phase;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Airflow, Dagster, Prefect, Livy and the submission server of Spark on one port, on the loopback interface: as much
/// of their documented HTTP
/// APIs as starting a job and following it takes.
///
/// ```
/// POST /airflow/auth/token
/// POST /airflow/api/v2/dags/{dag}/dagRuns    GET /airflow/api/v2/dags/{dag}/dagRuns/{run}
/// POST /dagster/graphql                      launchRun, runOrError
/// GET  /prefect/api/deployments/name/{flow}/{deployment}
/// POST /prefect/api/deployments/{id}/create_flow_run
/// GET  /prefect/api/flow_runs/{id}
/// POST /livy/batches                         GET /livy/batches/{id}
/// POST /spark/v1/submissions/create          GET /spark/v1/submissions/status/{id}
/// ```
public final class JobPlatforms implements AutoCloseable {

    private static final String TOKEN = "a-token-of-the-example";

    private final HttpServer server;
    private final JsonMapper json = JsonMapper.builder().build();
    private final Cluster airflow;
    private final Cluster dagster;
    private final Cluster prefect;
    private final Cluster livy;
    private final Cluster spark;
    private final AtomicInteger batches = new AtomicInteger();

    private JobPlatforms(HttpServer server, String database) throws SQLException {
        this.server = server;
        this.airflow = new Cluster("airflow", database);
        this.dagster = new Cluster("dagster", database);
        this.prefect = new Cluster("prefect", database);
        this.livy = new Cluster("livy", database);
        this.spark = new Cluster("spark", database);
    }

    /// Starts on a port; 0 for any that is free.
    ///
    /// @param database the JDBC URL of where jobs write to
    public static JobPlatforms start(int port, String database) throws IOException, SQLException {
        // Without it small answers wait for acknowledgements
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        JobPlatforms platforms = new JobPlatforms(server, database);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", platforms::handle);
        server.start();
        return platforms;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() throws SQLException {
        server.stop(0);
        airflow.close();
        dagster.close();
        prefect.close();
        livy.close();
        spark.close();
    }

    private record Answer(int status, Object body) {

        static Answer ok(Object body) {
            return new Answer(200, body);
        }

        static Answer notFound(String what) {
            return new Answer(404, Map.of("detail", what + " not found"));
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = route(exchange);
            byte[] body = json.writeValueAsBytes(answer.body());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private Answer route(HttpExchange exchange) throws IOException {
        List<String> path = new ArrayList<>(
                List.of(exchange.getRequestURI().getPath().substring(1).split("/", -1)));
        boolean post = exchange.getRequestMethod().equals("POST");
        Map<String, Object> body = body(exchange);
        return switch (path.removeFirst()) {
            case "health" -> Answer.ok(Map.of("status", "up"));
            case "airflow" ->
                airflow(path, post, body, exchange.getRequestHeaders().getFirst("Authorization"));
            case "dagster" -> dagster(map(body.get("variables")), String.valueOf(body.get("query")));
            case "prefect" -> prefect(path, post, body);
            case "livy" -> livy(path, post, body);
            case "spark" -> spark(path, post, body);
            default -> Answer.notFound(exchange.getRequestURI().getPath());
        };
    }

    private Map<String, Object> body(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        return bytes.length == 0 ? Map.of() : map(json.readValue(bytes, Map.class));
    }

    @SuppressWarnings("unchecked") // JSON objects have text keys
    private static Map<String, Object> map(@Nullable Object tree) {
        return tree instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private Answer airflow(List<String> path, boolean post, Map<String, Object> body, @Nullable String authorization) {
        if (path.equals(List.of("auth", "token"))) {
            return new Answer(201, Map.of("access_token", TOKEN));
        }
        if (!("Bearer " + TOKEN).equals(authorization)) {
            return new Answer(401, Map.of("detail", "Not authenticated"));
        }
        String dag = path.size() > 3 ? path.get(3) : "";
        if (post) {
            if (!body.containsKey("logical_date")) {
                return new Answer(422, Map.of("detail", "logical_date: Field required"));
            }
            Object given = body.get("dag_run_id");
            String id = given == null ? "manual__" + UUID.randomUUID() : given.toString();
            return Answer.ok(dagRun(airflow.submit(new JobRun(id, dag, map(body.get("conf"))))));
        }
        JobRun run = path.size() > 5 ? airflow.find(path.get(5)) : null;
        return run == null ? Answer.notFound("DagRun") : Answer.ok(dagRun(run));
    }

    private static Map<String, Object> dagRun(JobRun run) {
        return Map.of(
                "dag_run_id",
                run.id(),
                "dag_id",
                run.job(),
                "state",
                switch (run.phase()) {
                    case QUEUED -> "queued";
                    case RUNNING -> "running";
                    case SUCCEEDED -> "success";
                    case FAILED -> "failed";
                });
    }

    private Answer dagster(Map<String, Object> variables, String query) {
        if (query.contains("launchRun")) {
            Map<String, Object> parameters = map(variables.get("executionParams"));
            String job = String.valueOf(map(parameters.get("selector")).get("jobName"));
            JobRun run = dagster.submit(new JobRun(
                    UUID.randomUUID().toString(),
                    job,
                    map(map(parameters.get("runConfigData")).get("ops"))));
            return data("launchRun", Map.of("__typename", "LaunchRunSuccess", "run", Map.of("runId", run.id())));
        }
        JobRun run = dagster.find(String.valueOf(variables.get("runId")));
        if (run == null) {
            return data("runOrError", Map.of("__typename", "RunNotFoundError", "message", "no such run"));
        }
        String status = switch (run.phase()) {
            case QUEUED -> "QUEUED";
            case RUNNING -> "STARTED";
            case SUCCEEDED -> "SUCCESS";
            case FAILED -> "FAILURE";
        };
        return data("runOrError", Map.of("__typename", "Run", "runId", run.id(), "status", status));
    }

    private static Answer data(String field, Object value) {
        return Answer.ok(Map.of("data", Map.of(field, value)));
    }

    private Answer prefect(List<String> path, boolean post, Map<String, Object> body) {
        if (path.size() == 5 && path.get(2).equals("name")) {
            // A deployment's id; here it is its name
            return Answer.ok(Map.of("id", path.get(4), "name", path.get(4)));
        }
        if (post && path.size() == 4) {
            JobRun run =
                    prefect.submit(new JobRun(UUID.randomUUID().toString(), path.get(2), map(body.get("parameters"))));
            return new Answer(201, flowRun(run));
        }
        JobRun run = path.size() == 3 ? prefect.find(path.get(2)) : null;
        return run == null ? Answer.notFound("Flow run") : Answer.ok(flowRun(run));
    }

    private static Map<String, Object> flowRun(JobRun run) {
        String type = switch (run.phase()) {
            case QUEUED -> "SCHEDULED";
            case RUNNING -> "RUNNING";
            case SUCCEEDED -> "COMPLETED";
            case FAILED -> "FAILED";
        };
        String name = type.charAt(0) + type.substring(1).toLowerCase(java.util.Locale.ROOT);
        return Map.of("id", run.id(), "state_type", type, "state", Map.of("type", type, "name", name));
    }

    private Answer livy(List<String> path, boolean post, Map<String, Object> body) {
        if (post) {
            String id = String.valueOf(batches.getAndIncrement());
            List<?> arguments = body.get("args") instanceof List<?> list ? list : List.of();
            Map<String, Object> parameters = new LinkedHashMap<>();
            if (!arguments.isEmpty()) {
                parameters.put("records", Integer.valueOf(String.valueOf(arguments.getFirst())));
            }
            return new Answer(
                    201, batch(livy.submit(new JobRun(id, String.valueOf(body.get("className")), parameters))));
        }
        JobRun run = path.size() == 2 ? livy.find(path.get(1)) : null;
        return run == null ? Answer.notFound("Session") : Answer.ok(batch(run));
    }

    private static Map<String, @Nullable Object> batch(JobRun run) {
        boolean started = run.phase() != Phase.QUEUED;
        Map<String, @Nullable Object> batch = new LinkedHashMap<>();
        batch.put("id", Integer.valueOf(run.id()));
        // Not known before it is started
        batch.put("appId", started ? "application_" + run.id() : null);
        batch.put(
                "state",
                switch (run.phase()) {
                    case QUEUED -> "starting";
                    case RUNNING -> "running";
                    case SUCCEEDED -> "success";
                    case FAILED -> "dead";
                });
        batch.put("log", List.of());
        return batch;
    }

    private Answer spark(List<String> path, boolean post, Map<String, Object> body) {
        if (post) {
            if (!"CreateSubmissionRequest".equals(body.get("action")) || !body.containsKey("clientSparkVersion")) {
                return new Answer(400, Map.of("action", "ErrorResponse", "message", "Malformed request"));
            }
            Map<String, Object> parameters = new LinkedHashMap<>();
            if (body.get("appArgs") instanceof List<?> list && !list.isEmpty()) {
                parameters.put("records", Integer.valueOf(String.valueOf(list.getFirst())));
            }
            String id = "driver-20261121000000-%04d".formatted(batches.getAndIncrement());
            spark.submit(new JobRun(id, String.valueOf(body.get("mainClass")), parameters));
            return Answer.ok(Map.of("action", "CreateSubmissionResponse", "submissionId", id, "success", true));
        }
        JobRun run = path.size() == 4 ? spark.find(path.get(3)) : null;
        if (run == null) {
            return Answer.ok(Map.of("action", "SubmissionStatusResponse", "success", false));
        }
        String state = switch (run.phase()) {
            case QUEUED -> "SUBMITTED";
            case RUNNING -> "RUNNING";
            case SUCCEEDED -> "FINISHED";
            case FAILED -> "FAILED";
        };
        return Answer.ok(Map.of(
                "action", "SubmissionStatusResponse", "submissionId", run.id(), "driverState", state, "success", true));
    }
}
