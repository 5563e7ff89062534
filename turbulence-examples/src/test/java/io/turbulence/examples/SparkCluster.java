package io.turbulence.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turbulence.testkit.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A master with its submission server and a worker, of the tests' own, on the loopback interface.
final class SparkCluster implements AutoCloseable {

    private static final Path CLASS_PATH = Path.of("target/spark.cp");

    /// What Spark asks of a JDK that it does not start by its own scripts.
    private static final List<String> OPENED = List.of(
            "lang",
            "lang.invoke",
            "lang.reflect",
            "io",
            "net",
            "nio",
            "util",
            "util.concurrent",
            "util.concurrent.atomic");

    private final Path home;
    private final List<Process> processes = new ArrayList<>();
    private int port;
    private int submissionPort;

    private SparkCluster(Path home) {
        this.home = home;
    }

    static SparkCluster start(Path home) throws Exception {
        assumeTrue(
                Files.isReadable(CLASS_PATH),
                "Spark's class path is not there: mvn -q -f turbulence-examples/src/it/spark/pom.xml"
                        + " dependency:build-classpath -Dmdep.outputFile=$PWD/turbulence-examples/target/spark.cp");
        SparkCluster cluster = new SparkCluster(home);
        boolean started = false;
        try {
            cluster.start();
            started = true;
            return cluster;
        } finally {
            if (!started) {
                cluster.close();
            }
        }
    }

    String master() {
        return "spark://127.0.0.1:" + port;
    }

    int submissionPort() {
        return submissionPort;
    }

    private void start() throws Exception {
        Path jars = Files.createDirectories(home.resolve("jars"));
        for (String jar : Files.readString(CLASS_PATH).strip().split(":")) {
            Files.createSymbolicLink(jars.resolve(Path.of(jar).getFileName()), Path.of(jar));
        }
        port = FreePort.choose();
        submissionPort = FreePort.choose();
        run(
                "master",
                List.of(
                        "-Dspark.master.rest.enabled=true",
                        "-Dspark.master.rest.host=127.0.0.1",
                        "-Dspark.master.rest.port=" + submissionPort),
                List.of(
                        "org.apache.spark.deploy.master.Master",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        "" + port,
                        "--webui-port",
                        "" + FreePort.choose()));
        await(() -> accepts(submissionPort));
        run(
                "worker",
                List.of(),
                List.of(
                        "org.apache.spark.deploy.worker.Worker",
                        "--host",
                        "127.0.0.1",
                        "--cores",
                        "2",
                        "--memory",
                        "2g",
                        "--work-dir",
                        home.resolve("work").toString(),
                        "--webui-port",
                        "" + FreePort.choose(),
                        master()));
        await(() -> Files.readString(home.resolve("worker.log")).contains("Successfully registered with master"));
    }

    private void run(String name, List<String> properties, List<String> program) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        OPENED.forEach(opened -> command.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED"));
        command.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
        command.addAll(properties);
        command.addAll(List.of("-cp", home.resolve("jars") + "/*"));
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(name + ".log").toFile());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        processes.add(builder.start());
    }

    private interface Condition {

        boolean holds() throws IOException;
    }

    private void await(Condition condition) throws IOException, InterruptedException {
        for (int attempt = 0; !condition.holds(); attempt++) {
            if (attempt == 600 || !processes.getLast().isAlive()) {
                throw new IOException("Spark did not start; its logs are in " + home);
            }
            Thread.sleep(100);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (Process process : processes.reversed()) {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            process.waitFor();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
