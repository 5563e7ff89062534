package io.turbulence.core.internal.engine.load;

import io.turbulence.core.internal.definition.binding.Durations;
import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.Scope;
import io.turbulence.core.internal.definition.template.TreeTemplate;
import io.turbulence.core.internal.engine.SleepStep;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The length of a `sleep` that is written as a template: most often `{{env.THINK}}`, the same text each time, so the
/// newest is kept with what it means. Thread-safe.
final class WrittenLength implements SleepStep.Length {

    private record Read(String text, Duration duration) {}

    private final TreeTemplate template;
    private volatile @Nullable Read newest;

    WrittenLength(TreeTemplate template) {
        this.template = template;
    }

    @Override
    public Duration render(Scope scope) {
        String text = String.valueOf(template.render(scope));
        Read known = newest;
        if (known != null && known.text.equals(text)) {
            return known.duration;
        }
        Read read = new Read(text, read(text));
        newest = read;
        return read.duration;
    }

    private static Duration read(String text) {
        return Durations.parse(text)
                .orElseThrow(() -> new EvaluationException(
                        "duration was '%s' but it must be one such as 500ms or 2s".formatted(text)));
    }
}
