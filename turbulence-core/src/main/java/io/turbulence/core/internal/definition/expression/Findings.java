package io.turbulence.core.internal.definition.expression;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What an expression reads, gathered while it is compiled.
final class Findings {

    private final List<Reference> references = new ArrayList<>();
    private final List<String> environmentValues = new ArrayList<>();
    private boolean drawn;

    void reference(Reference reference) {
        references.add(reference);
    }

    void environmentValue(String value) {
        environmentValues.add(value);
    }

    /// Notes that the value differs from one evaluation to the next.
    void drawn() {
        drawn = true;
    }

    List<Reference> references() {
        return references.stream()
                .sorted(Comparator.comparingInt(Reference::offset))
                .toList();
    }

    List<String> environmentValues() {
        return List.copyOf(environmentValues);
    }

    /// Whether the value depends on nothing but the expression.
    boolean isFixed() {
        return references.isEmpty() && !drawn;
    }
}
