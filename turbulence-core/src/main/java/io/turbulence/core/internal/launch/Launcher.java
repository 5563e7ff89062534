package io.turbulence.core.internal.launch;

import io.turbulence.api.Deadline;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The programs of one run. Started in order; closed in reverse order with everything that they
/// started. A hook ends them when this JVM ends without closing.
public final class Launcher implements AutoCloseable {

    private static final Duration END_WITHIN = Duration.ofSeconds(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration LAST_OUTPUT_WITHIN = Duration.ofSeconds(5);

    private final Path logFolder;
    private final List<Program> programs = new ArrayList<>();
    private final Thread hook = new Thread(this::endAll, "turbulence-launch-cleanup");
    private boolean hooked;

    /// @param logFolder where each program's output is written, as `<name>.log`
    public Launcher(Path logFolder) {
        this.logFolder = logFolder;
    }

    /// Starts a program and waits until it is ready.
    ///
    /// @throws LaunchFailedException when it ends, or is not ready in time; it is stopped then
    public void start(LaunchPlan plan) throws InterruptedException {
        synchronized (this) {
            if (!hooked) {
                Runtime.getRuntime().addShutdownHook(hook);
                hooked = true;
            }
        }
        Program program = Program.start(plan, logFolder.resolve(plan.name() + ".log"));
        synchronized (this) {
            programs.add(program);
        }
        program.awaitReady();
    }

    /// Stops all programs. Idempotent.
    @Override
    public void close() {
        endAll();
        synchronized (this) {
            if (hooked) {
                hooked = false;
                try {
                    Runtime.getRuntime().removeShutdownHook(hook);
                } catch (IllegalStateException e) {
                    // The JVM is ending: the hook runs anyway and finds nothing left to do
                }
            }
        }
    }

    private void endAll() {
        List<Program> ending;
        synchronized (this) {
            ending = new ArrayList<>(programs.reversed());
            programs.clear();
        }
        ending.forEach(Program::end);
    }

    /// One started program.
    private static final class Program {

        private static final int LINES_SHOWN = 15;

        private final LaunchPlan plan;
        private final Process process;
        private final Path log;
        private final Deque<String> lastLines = new ArrayDeque<>();
        private final @Nullable Pattern wanted;
        private final Thread reader;
        private volatile boolean seen;

        private Program(LaunchPlan plan, Process process, Path log) {
            this.plan = plan;
            this.process = process;
            this.log = log;
            this.wanted = plan.ready() instanceof LaunchPlan.Ready.Log logged ? logged.pattern() : null;
            this.reader =
                    Thread.ofVirtual().name("launch-" + plan.name() + "-output").unstarted(this::readOutput);
        }

        static Program start(LaunchPlan plan, Path log) {
            ProcessBuilder builder = new ProcessBuilder(Shielded.from(plan))
                    .directory(plan.folder().toFile())
                    .redirectErrorStream(true);
            builder.environment().putAll(plan.environment());
            try {
                Files.createDirectories(java.util.Objects.requireNonNull(log.getParent()));
                Program program = new Program(plan, builder.start(), log);
                program.process.getOutputStream().close();
                program.reader.start();
                return program;
            } catch (IOException e) {
                throw new LaunchFailedException(
                        "'%s' could not be started: %s. Command: %s"
                                .formatted(plan.name(), e.getMessage(), String.join(" ", plan.command())),
                        e);
            }
        }

        private void readOutput() {
            try (BufferedReader reader = new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                    BufferedWriter writer = Files.newBufferedWriter(log)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    writer.write(line);
                    writer.newLine();
                    writer.flush();
                    synchronized (lastLines) {
                        if (lastLines.size() == LINES_SHOWN) {
                            lastLines.removeFirst();
                        }
                        lastLines.addLast(line);
                    }
                    if (wanted != null && wanted.matcher(line).find()) {
                        seen = true;
                    }
                }
            } catch (IOException e) {
                // The process has ended, or its log cannot be written: then it goes on without one
            }
        }

        void awaitReady() throws InterruptedException {
            Deadline deadline = Deadline.after(plan.timeout(), "timeout");
            String why = "";
            while (!deadline.expired()) {
                if (!process.isAlive()) {
                    process.waitFor();
                    reader.join(LAST_OUTPUT_WITHIN);
                    throw failed("ended with exit code " + process.exitValue() + " before it was ready");
                }
                String notYet = notReady();
                if (notYet == null) {
                    return;
                }
                why = notYet;
                Thread.sleep(LOOK_EVERY);
            }
            throw failed("was not ready after %d s: %s".formatted(plan.timeout().toSeconds(), why));
        }

        private @Nullable String notReady() throws InterruptedException {
            return switch (plan.ready()) {
                case LaunchPlan.Ready.Started started -> null;
                case LaunchPlan.Ready.Port port ->
                    takesConnections() ? null : "port " + plan.port() + " takes no connections";
                case LaunchPlan.Ready.Log logged ->
                    seen ? null : "no line of its output matches '" + logged.pattern() + "'";
                case LaunchPlan.Ready.Poll poll -> poll.check().ask();
            };
        }

        private boolean takesConnections() {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), plan.port()), 500);
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        private LaunchFailedException failed(String what) {
            String output;
            synchronized (lastLines) {
                output = lastLines.isEmpty()
                        ? "It printed nothing."
                        : "It printed at last:\n  " + String.join("\n  ", lastLines);
            }
            return new LaunchFailedException("'%s' %s. %s".formatted(plan.name(), what, output), null);
        }

        /// Ends the process and what it started: asked first, forced when that does not help.
        void end() {
            List<ProcessHandle> tree = new ArrayList<>(process.descendants().toList());
            tree.add(process.toHandle());
            tree.forEach(ProcessHandle::destroy);
            List<ProcessHandle> still = stillThere(tree);
            still.forEach(ProcessHandle::destroyForcibly);
            stillThere(still);
        }

        /// Which of them have not ended soon.
        private static List<ProcessHandle> stillThere(List<ProcessHandle> processes) {
            Deadline deadline = Deadline.after(END_WITHIN, "time to end");
            List<ProcessHandle> still = new ArrayList<>();
            for (ProcessHandle one : processes) {
                try {
                    one.onExit().get(Math.max(1, deadline.remainingMillis()), TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    still.add(one);
                } catch (ExecutionException | TimeoutException e) {
                    still.add(one);
                }
            }
            return still;
        }
    }
}
