package io.turbulence.core.internal.definition.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.definition.problem.Corpus;
import io.turbulence.core.internal.definition.problem.ProblemPrinter;
import io.turbulence.core.internal.definition.problem.Problems;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BrokenSettingsTest {

    @ParameterizedTest
    @MethodSource
    void areToldInFull(Corpus.Case broken) {
        assertThat(told(broken.input())).isEqualTo(broken.expected());
    }

    static Stream<Corpus.Case> areToldInFull() {
        return Corpus.read("/definition/broken-settings.txt").stream();
    }

    static String told(String yaml) {
        Problems problems = new Problems();
        BindingContext context =
                Binding.context(problems).at("flow[0]").withOtherKeys(Set.of("name", "type", "condition"));
        SettingsType.of(Everything.class).compile(Binding.read(problems, yaml), context);
        return new ProblemPrinter(problems.sources()).print(problems.errors());
    }
}
