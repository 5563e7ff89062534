package io.turbulence.core.internal.check;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.Scope;
import io.turbulence.core.internal.definition.secret.SecretNames;
import io.turbulence.core.internal.definition.template.TreeTemplate;
import io.turbulence.core.internal.observation.ObservationView;
import org.jspecify.annotations.Nullable;

/// One entry of `extract`, compiled. Immutable and thread-safe.
public final class Extraction {

    private final String name;
    private final Subject subject;
    private final @Nullable TreeTemplate fallback;
    private final boolean secret;

    Extraction(String name, Subject subject, @Nullable TreeTemplate fallback, boolean secret) {
        this.name = name;
        this.subject = subject;
        this.fallback = fallback;
        this.secret = secret || SecretNames.isSecretPath(name) || SecretNames.isSecretPath(subject.text());
    }

    public String name() {
        return name;
    }

    /// Whether its value must never be written: the file says so, or its name or the place that it is taken from does.
    public boolean secret() {
        return secret;
    }

    /// The value; its default when there is none.
    ///
    /// @throws EvaluationException when nothing is found and there is no default
    public @Nullable Object extract(Scope scope, ObservationView observation) {
        Subject.Found found = subject.find(scope, observation);
        if (found.isThere()) {
            return found.value();
        }
        if (fallback != null) {
            return fallback.render(scope);
        }
        throw new EvaluationException(
                "'%s' was not extracted: %s was not found%s".formatted(name, subject.text(), found.where()));
    }
}
