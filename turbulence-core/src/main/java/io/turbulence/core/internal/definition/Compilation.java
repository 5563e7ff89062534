package io.turbulence.core.internal.definition;

import io.turbulence.core.internal.definition.binding.PlaceCounter;
import io.turbulence.core.internal.definition.expression.Expression;
import io.turbulence.core.internal.definition.expression.ExpressionSyntaxException;
import io.turbulence.core.internal.definition.expression.Expressions;
import io.turbulence.core.internal.definition.expression.Reference;
import io.turbulence.core.internal.definition.jsonpath.JsonPath;
import io.turbulence.core.internal.definition.jsonpath.JsonPathSyntaxException;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.template.Environment;
import io.turbulence.core.internal.definition.template.Template;
import io.turbulence.core.internal.definition.template.TreeTemplate;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Compiles the texts of a set of definitions. What does not compile becomes a located problem. It
/// also gathers which names are read, for the check of undefined ones, and which values came from the
/// environment. For one thread.
public final class Compilation {

    /// A name that an expression reads, at its place in a file.
    ///
    /// @param ofMessage whether the expression is evaluated on a message of the step's own
    public record Use(Reference reference, Location location, String path, boolean ofMessage) {

        public Use(Reference reference, Location location, String path) {
            this(reference, location, path, false);
        }

        /// The same, evaluated on a message of the step's own.
        public Use onMessage() {
            return new Use(reference, location, path, true);
        }
    }

    private final Expressions expressions = new Expressions();
    private final Environment environment;
    private final Problems problems;
    private final Set<String> environmentValues = new LinkedHashSet<>();
    private List<Use> uses = new ArrayList<>();
    private PlaceCounter places = new PlaceCounter();

    public Compilation(Environment environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    public Problems problems() {
        return problems;
    }

    public Expressions expressions() {
        return expressions;
    }

    public Environment environment() {
        return environment;
    }

    /// Values of environment variables that became part of a definition.
    public Collection<String> environmentValues() {
        return environmentValues;
    }

    /// The next place for randomness: counted from 0 within each step, so that a step's draws do not
    /// depend on what stands before it.
    public int nextPlace() {
        return places.next();
    }

    /// What counts the places of the current step.
    public PlaceCounter places() {
        return places;
    }

    /// Begins a step: places are counted anew, and names read are gathered anew.
    public void begin() {
        places = new PlaceCounter();
        uses = new ArrayList<>();
    }

    /// Gathers names read anew, while places go on.
    public void forgetUses() {
        uses = new ArrayList<>();
    }

    /// The names read since [#begin] or [#forgetUses].
    public List<Use> uses() {
        return uses;
    }

    /// Notes names that something read which was compiled elsewhere.
    public void note(Use use) {
        uses.add(use);
    }

    /// A template; a constant one with the text itself when it does not compile.
    public Template template(ScalarNode node, String path) {
        try {
            Template template = Template.compile(node.text(), expressions, environment, nextPlace());
            note(template.references(), node, path);
            environmentValues.addAll(template.environmentValues());
            return template;
        } catch (ExpressionSyntaxException e) {
            wrong(node, path, e);
            return Template.compile("", expressions, environment, 0);
        }
    }

    /// A tree with templates in its texts and keys.
    public TreeTemplate tree(YamlNode node, String path) {
        return switch (node) {
            case ScalarNode scalar ->
                scalar.isText() ? TreeTemplate.of(template(scalar, path)) : TreeTemplate.constant(scalar.value());
            case SequenceNode sequence -> {
                List<TreeTemplate> items = new ArrayList<>();
                for (int i = 0; i < sequence.items().size(); i++) {
                    items.add(tree(sequence.items().get(i), path + "[" + i + "]"));
                }
                yield TreeTemplate.list(items);
            }
            case MappingNode mapping -> {
                List<Template> keys = new ArrayList<>();
                List<TreeTemplate> values = new ArrayList<>();
                for (MappingNode.Entry entry : mapping.entries()) {
                    keys.add(template(ScalarNode.of(entry.keyLocation(), entry.key()), path));
                    values.add(tree(entry.value(), path + "." + entry.key()));
                }
                yield TreeTemplate.map(keys, values);
            }
        };
    }

    /// An expression; empty when it does not compile, which is then a problem.
    public Optional<Expression> expression(YamlNode node, String path) {
        if (!(node instanceof ScalarNode scalar) || scalar.isNull()) {
            problems.error(
                    Codes.TYPE,
                    node.location(),
                    path,
                    node.description(),
                    "an expression such as \"status_code == 200\"",
                    null);
            return Optional.empty();
        }
        try {
            Expression expression = expressions.compile(scalar.text(), nextPlace(), environment::value);
            environmentValues.addAll(expression.environmentValues());
            note(expression.references(), scalar, path);
            return Optional.of(expression);
        } catch (ExpressionSyntaxException e) {
            wrong(scalar, path, e);
            return Optional.empty();
        }
    }

    /// As [#expression], of one that must be true or false.
    public Optional<Expression> condition(YamlNode node, String path) {
        Optional<Expression> expression = expression(node, path);
        String wrong = expression.map(Expression::neverCondition).orElse(null);
        if (wrong != null) {
            problems.error(
                    Codes.EXPRESSION,
                    node.location(),
                    path,
                    wrong,
                    "a condition",
                    "Compare it with something, such as == or >.");
        }
        return expression;
    }

    /// A JSONPath; empty when it does not compile, which is then a problem.
    public Optional<JsonPath> jsonPath(YamlNode node, String path) {
        if (!(node instanceof ScalarNode scalar) || !scalar.isText()) {
            problems.error(Codes.TYPE, node.location(), path, node.description(), "a JSONPath such as \"$.id\"", null);
            return Optional.empty();
        }
        try {
            return Optional.of(JsonPath.compile(scalar.text()));
        } catch (JsonPathSyntaxException e) {
            problems.error(
                    Codes.EXPRESSION,
                    scalar.locationOf(e.offset()),
                    path,
                    "'" + scalar.text() + "' is no JSONPath: "
                            + String.valueOf(e.getMessage()).replaceFirst("\\.$", ""),
                    "a path of RFC 9535 such as \"$.items[0].id\"",
                    null);
            return Optional.empty();
        }
    }

    private void note(List<Reference> references, ScalarNode node, String path) {
        for (Reference reference : references) {
            uses.add(new Use(reference, node.locationOf(reference.offset()), path));
        }
    }

    private void wrong(ScalarNode node, String path, ExpressionSyntaxException e) {
        problems.error(
                Codes.EXPRESSION,
                node.locationOf(e.offset()),
                path,
                String.valueOf(e.getMessage()),
                "an expression",
                e.hint());
    }
}
