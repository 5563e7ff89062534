package io.turbulence.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a GraphQL document says of itself, whatever the server's schema: its operations, their variables, and the
/// fragments. Immutable.
///
/// @param operations in order
/// @param fragments  by name
record GraphqlDocument(List<Operation> operations, Map<String, Uses> fragments) {

    /// Deeper than any query that a person or a program writes.
    private static final int DEEPEST = 500;

    /// One operation.
    ///
    /// @param kind      `query`, `mutation` or `subscription`
    /// @param name      null for one without
    /// @param variables by name, and whether the request must give it
    record Operation(String kind, @Nullable String name, Map<String, Boolean> variables, Uses uses) {}

    /// What a selection refers to, with the place where it first does.
    record Uses(Map<String, String> variables, Map<String, String> fragments) {
        Uses() {
            this(new LinkedHashMap<>(), new LinkedHashMap<>());
        }
    }

    /// @throws GraphqlSyntaxException that says where it is no document of operations and fragments
    static GraphqlDocument parse(String text) throws GraphqlSyntaxException {
        return new Parser(text).document();
    }

    /// What an operation refers to, through fragments too.
    Uses reach(Operation operation) {
        Uses all = new Uses();
        Set<String> seen = new LinkedHashSet<>();
        List<Uses> left = new ArrayList<>(List.of(operation.uses()));
        while (!left.isEmpty()) {
            Uses uses = left.removeLast();
            uses.variables().forEach(all.variables()::putIfAbsent);
            uses.fragments().forEach((name, place) -> {
                all.fragments().putIfAbsent(name, place);
                Uses fragment = fragments.get(name);
                if (fragment != null && seen.add(name)) {
                    left.add(fragment);
                }
            });
        }
        return all;
    }

    private static final class Parser {

        private final GraphqlLexer lexer;
        private final List<Operation> operations = new ArrayList<>();
        private final Map<String, Uses> fragments = new LinkedHashMap<>();
        private Uses uses = new Uses();
        private int depth;

        private Parser(String text) throws GraphqlSyntaxException {
            lexer = new GraphqlLexer(text);
        }

        private GraphqlDocument document() throws GraphqlSyntaxException {
            do {
                definition();
            } while (lexer.kind() != GraphqlLexer.Kind.END);
            return new GraphqlDocument(List.copyOf(operations), Map.copyOf(fragments));
        }

        private void definition() throws GraphqlSyntaxException {
            uses = new Uses();
            if (lexer.is("{")) {
                selections();
                operations.add(new Operation("query", null, Map.of(), uses));
            } else if (lexer.isName("fragment")) {
                fragment();
            } else if (lexer.isName("query") || lexer.isName("mutation") || lexer.isName("subscription")) {
                operation();
            } else {
                throw lexer.unexpected("an operation or a fragment");
            }
        }

        private void operation() throws GraphqlSyntaxException {
            String kind = name();
            String name = lexer.kind() == GraphqlLexer.Kind.NAME ? name() : null;
            Map<String, Boolean> variables = new LinkedHashMap<>();
            if (lexer.is("(")) {
                lexer.next();
                do {
                    variable(variables);
                } while (!lexer.is(")"));
                lexer.next();
            }
            directives();
            selections();
            operations.add(new Operation(kind, name, variables, uses));
        }

        private void variable(Map<String, Boolean> variables) throws GraphqlSyntaxException {
            expect("$");
            String name = name();
            expect(":");
            boolean required = type();
            if (lexer.is("=")) {
                lexer.next();
                value();
                required = false;
            }
            directives();
            variables.put(name, required);
        }

        /// @return whether it takes no null
        private boolean type() throws GraphqlSyntaxException {
            enter();
            if (lexer.is("[")) {
                lexer.next();
                type();
                expect("]");
            } else {
                name();
            }
            depth--;
            if (lexer.is("!")) {
                lexer.next();
                return true;
            }
            return false;
        }

        private void fragment() throws GraphqlSyntaxException {
            lexer.next();
            if (lexer.isName("on")) {
                throw lexer.unexpected("the fragment's name");
            }
            String name = name();
            condition();
            directives();
            selections();
            fragments.put(name, uses);
        }

        private void condition() throws GraphqlSyntaxException {
            if (!lexer.isName("on")) {
                throw lexer.unexpected("'on'");
            }
            lexer.next();
            name();
        }

        private void selections() throws GraphqlSyntaxException {
            enter();
            expect("{");
            do {
                selection();
            } while (!lexer.is("}"));
            lexer.next();
            depth--;
        }

        private void selection() throws GraphqlSyntaxException {
            if (lexer.is("...")) {
                lexer.next();
                spread();
                return;
            }
            name();
            if (lexer.is(":")) {
                lexer.next();
                name();
            }
            arguments();
            directives();
            if (lexer.is("{")) {
                selections();
            }
        }

        private void spread() throws GraphqlSyntaxException {
            if (lexer.kind() == GraphqlLexer.Kind.NAME && !lexer.isName("on")) {
                uses.fragments().putIfAbsent(lexer.text(), lexer.place());
                lexer.next();
                directives();
                return;
            }
            if (lexer.isName("on")) {
                condition();
            }
            directives();
            selections();
        }

        private void directives() throws GraphqlSyntaxException {
            while (lexer.is("@")) {
                lexer.next();
                name();
                arguments();
            }
        }

        private void arguments() throws GraphqlSyntaxException {
            if (!lexer.is("(")) {
                return;
            }
            lexer.next();
            do {
                name();
                expect(":");
                value();
            } while (!lexer.is(")"));
            lexer.next();
        }

        private void value() throws GraphqlSyntaxException {
            enter();
            if (lexer.is("$")) {
                String place = lexer.place();
                lexer.next();
                uses.variables().putIfAbsent(name(), place);
            } else if (lexer.is("[")) {
                lexer.next();
                while (!lexer.is("]")) {
                    value();
                }
                lexer.next();
            } else if (lexer.is("{")) {
                lexer.next();
                while (!lexer.is("}")) {
                    name();
                    expect(":");
                    value();
                }
                lexer.next();
            } else if (lexer.kind() == GraphqlLexer.Kind.PUNCTUATION || lexer.kind() == GraphqlLexer.Kind.END) {
                throw lexer.unexpected("a value");
            } else {
                lexer.next();
            }
            depth--;
        }

        private String name() throws GraphqlSyntaxException {
            if (lexer.kind() != GraphqlLexer.Kind.NAME) {
                throw lexer.unexpected("a name");
            }
            String name = lexer.text();
            lexer.next();
            return name;
        }

        private void expect(String punctuation) throws GraphqlSyntaxException {
            if (!lexer.is(punctuation)) {
                throw lexer.unexpected("'" + punctuation + "'");
            }
            lexer.next();
        }

        private void enter() throws GraphqlSyntaxException {
            if (++depth > DEEPEST) {
                throw lexer.unexpected("something less deep than " + DEEPEST + " levels");
            }
        }
    }
}
