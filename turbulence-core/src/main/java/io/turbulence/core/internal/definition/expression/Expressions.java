package io.turbulence.core.internal.definition.expression;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.commons.jexl3.parser.Parser;
import org.jspecify.annotations.Nullable;

/// Compiles expressions: JEXL's syntax with the promises of the scenario format. For any number of threads.
///
/// JEXL's parser decides how a text binds. JEXL's interpreter is not used: it reaches Java objects by reflection and
/// converts types. The syntax tree becomes closures that know maps, lists, texts, numbers, booleans and bytes alone, so
/// that there is nothing else to reach.
public final class Expressions {

    private final Limits limits;
    private final AtomicReference<@Nullable Parser> spare = new AtomicReference<>();

    public Expressions() {
        this(Limits.DEFAULT);
    }

    public Expressions(Limits limits) {
        this.limits = limits;
    }

    /// Compiles `text`. The `place` keys the random numbers that it draws.
    ///
    /// @throws ExpressionSyntaxException if the text is no expression
    public Expression compile(String text, int place) {
        return compile(text, place, null);
    }

    /// Compiles `text` and puts the values of environment variables in its `env.NAME`; null for one that is not set.
    ///
    /// @param environment null to leave `env` to the scope
    /// @throws ExpressionSyntaxException if the text is no expression, or a variable is missing
    public Expression compile(String text, int place, @Nullable Function<String, @Nullable String> environment) {
        Findings findings = new Findings();
        Node root = Compiler.compile(text, limits, environment, findings, spare);
        return new Expression(text, place, limits, root, findings);
    }
}
