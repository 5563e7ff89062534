package io.turbulence.core.internal.definition.yaml;

import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Problems;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;

/// What the parser says about a file that is no YAML, in our words and at the place where it is to be mended.
record SyntaxProblem(
        Location location,
        String found,
        String expected,
        @Nullable String hint) {

    private static final Pattern ODD_START = Pattern.compile("found character '(.*?)' that cannot start any token.*");
    private static final Pattern UNEXPECTED = Pattern.compile("expected (.*?), but (?:found|got) (.*)");
    private static final Pattern ESCAPE = Pattern.compile("found unknown escape character (.)\\(.*");

    static SyntaxProblem of(YamlEngineException thrown, Path file, String text) {
        return switch (thrown) {
            case ReaderException e ->
                new SyntaxProblem(
                        Places.of(text).location(file, e.getPosition()),
                        "the control character 0x%02X".formatted(e.getCodePoint()),
                        "printable text",
                        "Write it as \"\\x%02X\" in double quotes.".formatted(e.getCodePoint()));
            case YamlVersionException e ->
                new SyntaxProblem(
                        new Location(file, 1, 1),
                        "YAML " + e.getSpecVersion().getMajor() + "."
                                + e.getSpecVersion().getMinor(),
                        "YAML 1.2",
                        null);
            case MarkedYamlEngineException e -> new Reading(e, file, text).problem();
            default ->
                new SyntaxProblem(new Location(file, 1, 1), String.valueOf(thrown.getMessage()), "YAML 1.2", null);
        };
    }

    void report(Problems problems) {
        problems.error(Codes.SYNTAX, location, "", found, expected, hint);
    }

    /// The parts of the parser's complaint.
    private record Reading(MarkedYamlEngineException thrown, Path file, String text) {

        SyntaxProblem problem() {
            return template().orElseGet(this::translated);
        }

        /// Most often it is a template without quotes, whatever the parser stumbled over.
        private Optional<SyntaxProblem> template() {
            Location at = at();
            Location context = context();
            for (int line = Math.max(1, Math.max(context.line(), at.line() - 1)); line <= at.line(); line++) {
                Optional<UnquotedTemplate> found = UnquotedTemplate.find(line(line));
                if (found.isPresent()) {
                    Problems single = new Problems();
                    UnquotedTemplate.report(
                            single,
                            new Location(file, line, found.get().column() + 1),
                            found.get().value());
                    var problem = single.errors().getFirst();
                    return Optional.of(
                            new SyntaxProblem(problem.location(), problem.found(), problem.expected(), problem.hint()));
                }
            }
            return Optional.empty();
        }

        private SyntaxProblem translated() {
            String problem = Objects.requireNonNullElse(thrown.getProblem(), "");
            Matcher start = ODD_START.matcher(problem);
            if (problem.contains("TAB")) {
                return new SyntaxProblem(at(), "a tab", "spaces", "YAML is indented with spaces only.");
            }
            if (start.matches()) {
                return new SyntaxProblem(
                        at(), "'" + start.group(1) + "' at the beginning of a value", "the value in quotes", null);
            }
            if (problem.startsWith("mapping values are not allowed")) {
                return new SyntaxProblem(
                        at(),
                        "a ':' where no key can stand",
                        "one key on a line",
                        "Quote a text that holds ': ', or check the indentation.");
            }
            if (problem.startsWith("sequence entries are not allowed")) {
                return new SyntaxProblem(at(), "a '- ' where no list can begin", "the list on lines of its own", null);
            }
            if (problem.startsWith("mapping keys are not allowed")) {
                return new SyntaxProblem(at(), "a '? ' where no key can stand", "key: value", null);
            }
            if (problem.startsWith("unexpected character found")) {
                return new SyntaxProblem(
                        at(),
                        "a name of an anchor or alias with a character that it must not have",
                        "letters and digits",
                        "Quote a text that begins with '&' or '*'.");
            }
            if (problem.startsWith("expected escape sequence")) {
                return new SyntaxProblem(
                        at(), "an escape with too few digits", "hexadecimal digits as in '\\x41' or '\\u00e9'", null);
            }
            if (problem.startsWith("could not find expected ':'")) {
                return new SyntaxProblem(context(), "a line without ':'", "key: value", null);
            }
            Matcher escape = ESCAPE.matcher(problem);
            if (escape.matches()) {
                return new SyntaxProblem(
                        at(),
                        "the unknown escape '\\" + escape.group(1) + "' in double quotes",
                        "an escape of YAML such as '\\n' or '\\\\'",
                        "Use single quotes, or write the backslash twice.");
            }
            return unfinished(problem);
        }

        private SyntaxProblem unfinished(String problem) {
            String context = Objects.requireNonNullElse(thrown.getContext(), "");
            if (context.contains("quoted scalar") && problem.contains("unexpected")) {
                return new SyntaxProblem(context(), "a text in quotes that does not end", "a closing quote", null);
            }
            Matcher unexpected = UNEXPECTED.matcher(problem);
            if (!unexpected.matches()) {
                return new SyntaxProblem(at(), problem.isEmpty() ? "no YAML" : problem, "YAML 1.2", null);
            }
            String found = token(unexpected.group(2));
            if (!context.contains("flow") && isAfterValue()) {
                return new SyntaxProblem(
                        at(),
                        found + " after the end of the value",
                        "the end of the line",
                        "Put quotes around the whole value.");
            }
            if (context.contains("flow")) {
                boolean mapping = context.contains("mapping");
                return new SyntaxProblem(
                        at(),
                        found,
                        mapping ? "',' or '}'" : "',' or ']'",
                        "The '" + (mapping ? '{' : '[') + "' stands at line "
                                + context().line() + ".");
            }
            if (context.contains("block mapping")) {
                return new SyntaxProblem(
                        at(),
                        found,
                        "a key at column " + context().column() + ", as the mapping begins at line "
                                + context().line(),
                        "Check the indentation.");
            }
            if (context.contains("block collection")) {
                return new SyntaxProblem(
                        at(),
                        found,
                        "a '- ' at column " + context().column() + ", as the list begins at line "
                                + context().line(),
                        "Check the indentation.");
            }
            return new SyntaxProblem(at(), found, token(unexpected.group(1)), null);
        }

        /// Whether something else stands before it on its line.
        private boolean isAfterValue() {
            String before = line(at().line());
            int column = Math.min(before.length(), at().column() - 1);
            return !before.substring(0, column).isBlank()
                    && !before.substring(0, column).strip().equals("-");
        }

        private static String token(String name) {
            return switch (name.replace("'", "")) {
                case "<stream end>", "<document end>" -> "the end of the file";
                case "<block mapping start>", "?" -> "a key";
                case "<block sequence start>", "-", "<block entry>" -> "a '-'";
                case "<block end>" -> "the end of the block";
                case "<scalar>" -> "text";
                case "<document start>" -> "a '---'";
                default -> "'" + name.replace("'", "") + "'";
            };
        }

        private Location at() {
            return place(thrown.getProblemMark().or(thrown::getContextMark));
        }

        private Location context() {
            return place(thrown.getContextMark().or(thrown::getProblemMark));
        }

        private Location place(Optional<Mark> mark) {
            return mark.map(at -> new Location(file, at.getLine() + 1, at.getColumn() + 1))
                    .orElseGet(() -> new Location(file, 1, 1));
        }

        private String line(int number) {
            return text.lines().skip(number - 1L).findFirst().orElse("");
        }
    }
}
