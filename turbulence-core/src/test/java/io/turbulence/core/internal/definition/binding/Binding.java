package io.turbulence.core.internal.definition.binding;

import io.turbulence.api.Frame;
import io.turbulence.core.internal.definition.expression.Expressions;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.SequenceNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.core.internal.definition.yaml.YamlReader;
import io.turbulence.spi.Matcher;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What tests of bindings need: a file, an environment, and a compiler of matchers that takes mappings.
public final class Binding {

    public static final Path FILE = Path.of("dir/shop.yaml");

    private static final Expressions EXPRESSIONS = new Expressions();
    private static final Map<String, String> ENVIRONMENT =
            Map.of("NUMBER", "7", "WORD", "seven", "FLAG", "TRUE", "DELIVERY", "At_Most_Once", "PIN", "abcd");

    private Binding() {}

    public static BindingContext context(Problems problems) {
        return BindingContext.of(problems, EXPRESSIONS, ENVIRONMENT::get, Binding::matcher);
    }

    public static MappingNode read(Problems problems, String yaml) {
        return new YamlReader(problems)
                .readMapping(FILE, yaml)
                .orElseThrow(() -> new AssertionError(problems.errors().toString()));
    }

    private static CompiledMatcher matcher(YamlNode node, BindingContext context) {
        if (node instanceof SequenceNode) {
            context.problems()
                    .error(Codes.TYPE, node.location(), context.path(), node.description(), "an expectation", null);
        }
        return new CompiledMatcher() {
            @Override
            public Matcher render(io.turbulence.core.internal.definition.expression.Scope scope) {
                return new Described(String.valueOf(node.toTree()));
            }

            @Override
            public Optional<Matcher> constant() {
                return Optional.of(new Described(String.valueOf(node.toTree())));
            }
        };
    }

    record Described(String describe) implements Matcher {
        @Override
        public boolean matches(Frame frame) {
            return false;
        }
    }
}
