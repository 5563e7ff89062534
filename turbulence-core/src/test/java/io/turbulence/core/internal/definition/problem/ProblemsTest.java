package io.turbulence.core.internal.definition.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsTest {

    private static final Path A = Path.of("a.yaml");
    private static final Path B = Path.of("b.yaml");

    private final Problems problems = new Problems();

    @Test
    void areToldByFileAndPlace() {
        problems.error(Codes.VALUE, new Location(B, 2, 1), "x", "1", "2", null);
        problems.error(Codes.VALUE, new Location(A, 9, 1), "x", "1", "2", null);
        problems.warning(Codes.VALUE, new Location(B, 1, 1), "x", "1", null);
        problems.error(Codes.VALUE, new Location(B, 1, 7), "x", "1", "2", "Write 2.");
        problems.sources().add(B, "x:    1\ny: 1");
        assertThatThrownBy(problems::throwIfErrors)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("""
                        b.yaml:1:7: x: 1; expected 2. Write 2.
                          x:    1
                                ^
                        b.yaml:2:1: x: 1; expected 2
                          y: 1
                          ^
                        a.yaml:9:1: x: 1; expected 2""");
        assertThat(problems.warnings()).extracting(Problem::text).containsExactly("b.yaml:1:1: warning: x: 1");
    }

    @Test
    void areToldOnceForOnePlace() {
        Location place = new Location(A, 1, 1);
        problems.error(Codes.VALUE, place, "x", "1", "2", null);
        problems.error(Codes.VALUE, place.through(new Location(A, 5, 5)), "y", "1", "2", null);
        assertThat(problems.errors()).hasSize(1);
    }

    @Test
    void showAPartOfALongLine() {
        problems.sources().add(A, "x".repeat(200) + "\tHERE" + "y".repeat(200));
        String printed = new ProblemPrinter(problems.sources())
                .print(new Problem(Severity.ERROR, Codes.VALUE, new Location(A, 1, 202), "", "a", "b", null));
        String[] lines = printed.split("\n", -1);
        assertThat(lines[1]).hasSizeLessThan(130).contains("x HERE");
        assertThat(lines[1].charAt(lines[2].indexOf('^'))).isEqualTo('H');
    }

    @Test
    void nearestNameIsOfFewSlips() {
        List<String> names = List.of("path", "method", "max_body", "headers");
        assertThat(Nearest.of("pth", names)).contains("path");
        assertThat(Nearest.of("ptah", names)).contains("path");
        assertThat(Nearest.of("maxBody", names)).contains("max_body");
        assertThat(Nearest.of("header", names)).contains("headers");
        assertThat(Nearest.of("x", names)).isEmpty();
        assertThat(Nearest.of("bodies", names)).isEmpty();
        assertThat(Nearest.hint("metod", names)).contains("Did you mean 'method'?");
    }
}
