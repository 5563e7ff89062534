package io.turbulence.core.internal.definition.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.definition.problem.Corpus;
import io.turbulence.core.internal.definition.problem.ProblemPrinter;
import io.turbulence.core.internal.definition.problem.Problems;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BrokenYamlTest {

    @ParameterizedTest
    @MethodSource
    void isToldInFull(Corpus.Case broken) {
        Problems problems = new Problems();
        new YamlReader(problems).readMapping(Path.of("shop.yaml"), broken.input());
        assertThat(new ProblemPrinter(problems.sources()).print(problems.errors()))
                .isEqualTo(broken.expected());
    }

    static Stream<Corpus.Case> isToldInFull() {
        return Corpus.read("/definition/broken-yaml.txt").stream();
    }
}
