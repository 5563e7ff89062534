package io.turbulence.core.internal.result;

import io.turbulence.core.internal.engine.event.AssertionResult;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.RunListener;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.console.ExchangeView;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.files.RecorderOptions;
import io.turbulence.core.internal.result.files.StepOutcome;
import io.turbulence.core.internal.result.json.JsonLines;
import io.turbulence.core.internal.result.json.JsonView;
import io.turbulence.core.internal.result.text.Style;
import java.util.ArrayList;
import java.util.List;

/// Keeps how the steps of one instance ended, and writes no files. Thread-safe.
public final class OutcomeListener implements RunListener {

    private final JsonLines lines;
    private final RecorderOptions options;
    private final Style style;
    private final List<StepOutcome> outcomes = new ArrayList<>();
    private volatile ExitCode exitCode = ExitCode.INSTANCES_FAILED;

    public OutcomeListener(RunInfo run, RecorderOptions options) {
        this.lines = new JsonLines(run.runId(), run.secrets(), options.payloadLimit());
        this.options = options;
        this.style = new Style(options.colour());
    }

    /// In the order in which the steps ended.
    public List<StepOutcome> outcomes() {
        synchronized (outcomes) {
            return List.copyOf(outcomes);
        }
    }

    public int exitCode() {
        return exitCode.number();
    }

    @Override
    public void instanceStarted(InstanceInfo instance) {}

    @Override
    public void stepFinished(StepResult result) {
        if (result.instance().phase() != InstanceInfo.Phase.INSTANCE) {
            return;
        }
        synchronized (outcomes) {
            outcomes.add(StepOutcome.of(new JsonView(JsonCodec.INSTANCE.read(lines.step(result)))));
            if (options.verbose()) {
                ExchangeView.render(result, lines.mask(result.secrets()), style).forEach(options.out()::println);
            }
        }
    }

    @Override
    public void assertionChecked(AssertionResult result) {}

    @Override
    public void instanceFinished(InstanceResult result) {
        if (result.instance().phase() == InstanceInfo.Phase.INSTANCE) {
            exitCode = result.ok() ? ExitCode.GOOD : ExitCode.INSTANCES_FAILED;
        }
    }
}
