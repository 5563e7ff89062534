package io.turbulence.core.internal.result.console;

import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.figures.Statistics;
import io.turbulence.core.internal.result.figures.Timeline;
import io.turbulence.core.internal.result.files.RecorderOptions;
import io.turbulence.core.internal.result.files.RecorderOptions.ConsoleMode;
import io.turbulence.core.internal.result.json.SecretMask;
import io.turbulence.core.internal.result.text.Style;
import io.turbulence.core.internal.result.text.WellFormed;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Shows how a run stands while it goes on, and its summary at the end. Thread-safe.
///
/// On a terminal a block is drawn again five times a second; elsewhere there is a plain line every
/// five seconds, readable as a log. A terminal that takes no output holds up nobody but the
/// console's own thread, unless every exchange is printed.
public final class Console {

    private static final long REDRAW_MILLIS = 200;
    private static final long LINE_MILLIS = 5_000;

    private final RecorderOptions options;
    private final Statistics statistics;
    private final Timeline timeline;
    private final PrintWriter out;
    private final Style style;
    private final ProgressView progress;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final long startNanos = System.nanoTime();
    private final Thread thread;
    private volatile @Nullable String waitedFor;

    /// Guarded by the lock: lines of the block that is on the terminal.
    private int drawn;

    public Console(RunInfo run, RecorderOptions options, Statistics statistics, Timeline timeline) {
        this.options = options;
        this.statistics = statistics;
        this.timeline = timeline;
        this.out = options.out();
        this.style = new Style(options.colour());
        this.progress = new ProgressView(run, style, options.width());
        this.thread = Thread.ofPlatform()
                .name("turbulence-console-" + run.runId())
                .daemon()
                .unstarted(this::loop);
    }

    /// @param what is waited for before the first instance; null for nothing
    public void waitingFor(@Nullable String what) {
        waitedFor = what;
    }

    public void start() {
        if (options.console() != ConsoleMode.QUIET) {
            thread.start();
        }
    }

    /// Ends the picture of the moment and takes it away.
    public void stop() {
        stopping.countDown();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (options.console() == ConsoleMode.TERMINAL) {
            print(List.of());
        }
    }

    /// Prints one exchange, above the picture of the moment.
    public void exchange(StepResult result, SecretMask mask) {
        print(ExchangeView.render(result, mask, style));
    }

    /// @param report whether one was written
    public void summary(RunSummary summary, boolean report) {
        if (options.console() == ConsoleMode.QUIET) {
            return;
        }
        print(new SummaryView(style, options.width()).render(summary, report));
    }

    private void loop() {
        boolean terminal = options.console() == ConsoleMode.TERMINAL;
        try {
            while (!stopping.await(terminal ? REDRAW_MILLIS : LINE_MILLIS, TimeUnit.MILLISECONDS)) {
                ProgressView.Moment moment = moment();
                String what = waitedFor;
                if (terminal) {
                    draw(what == null ? progress.block(moment) : progress.waiting(moment, what));
                } else {
                    print(what == null ? progress.lines(moment) : progress.waiting(moment, what));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ProgressView.Moment moment() {
        return new ProgressView.Moment(
                Duration.ofNanos(System.nanoTime() - startNanos),
                statistics.instances(),
                statistics.warmUp(),
                statistics.running(),
                statistics.dropped(),
                timeline.newest(),
                statistics.pools());
    }

    private void draw(List<String> block) {
        lock.lock();
        try {
            StringBuilder text = new StringBuilder(erase());
            block.forEach(line -> text.append(WellFormed.of(line)).append('\n'));
            drawn = block.size();
            out.print(text);
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    private void print(List<String> lines) {
        lock.lock();
        try {
            StringBuilder text = new StringBuilder(erase());
            drawn = 0;
            lines.forEach(line -> text.append(WellFormed.of(line)).append('\n'));
            out.print(text);
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    /// What takes the block away: up as many lines, then clear to the end.
    private String erase() {
        return drawn == 0 ? "" : "\r\u001b[" + drawn + "A\u001b[J";
    }
}
