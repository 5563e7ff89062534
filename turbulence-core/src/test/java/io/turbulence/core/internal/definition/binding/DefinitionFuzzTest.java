package io.turbulence.core.internal.definition.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.turbulence.core.internal.definition.problem.Problem;
import io.turbulence.core.internal.definition.problem.ProblemPrinter;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.yaml.YamlReader;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Good files, changed at random: whatever comes out is read and told of, and nothing is thrown.
class DefinitionFuzzTest {

    private static final int ROUNDS = 4_000;
    private static final List<String> GOOD = List.of("""
            text: abc
            count: 5
            pause: 1m30s
            size: 1 KiB
            json: {a: [1, null, "{{x}}"], 'b c': ~}
            query: |
              select 1
                from dual
            tags: [a, 1, true]
            parts:
              - &p one
              - {title: two, amount: 2, parts: [three]}
            headers: &h {X-A: 1, "k": "a\\u00e9\\n{{y}}"}
            weights:
              <<: &w {a: 1}
              b: 2
            named: {one: {parts: [*p], name: x}, two: *p}
            early: "{{env.WORD | default:x}}"
            until:
              equals: >-
                folded
                text
            """, """
            # a step
            text:   'it''s'   # comment
            query: "select \\
              *"
            note: >+
              folded {{x}}

              text
            ? delivery
            : at_most_once
            "pause_ms": 1.5e3
            parts: [ { name: a }, { title: "{{ steps['a-b'].b ?? 'c' }}", amount: 0x1F } ]
            json:
              - [ ]
              - { }
              - ~
              - !!str 1
            file: 'a/b {{env.WORD}}.json'
            """);
    private static final List<String> PIECES = List.of(
            "{{",
            "}}",
            "{",
            "}",
            "[",
            "]",
            ": ",
            "- ",
            ",",
            "&a ",
            "*a",
            "<<: ",
            "!!int ",
            "\"",
            "'",
            "|\n",
            ">\n",
            "\t",
            "#",
            "\n",
            "  ",
            "\u0000",
            "\uFEFF",
            "😀",
            "\uD83D",
            "---\n",
            "...\n",
            "%YAML 1.1\n",
            "? ",
            "\\",
            "\r",
            "\u2028",
            "1e999999999",
            "9".repeat(400),
            "0x",
            ".inf",
            "~",
            "null",
            "{{{{",
            "{{env.",
            "@",
            "`");

    @Test
    void beginsWithGoodFiles() {
        SettingsType<Everything> type = SettingsType.of(Everything.class);
        assertThat(GOOD).allSatisfy(yaml -> assertThat(tell(type, yaml)).isEmpty());
    }

    @Test
    void neverThrowsNorHangs() {
        long seed = 20261120L;
        Random random = new Random(seed);
        SettingsType<Everything> type = SettingsType.of(Everything.class);
        for (int round = 0; round < ROUNDS; round++) {
            String yaml = mutated(GOOD.get(random.nextInt(GOOD.size())), random);
            String described = "seed " + seed + ", round " + round + ":\n" + yaml;
            assertThat(assertTimeoutPreemptively(
                            Duration.ofSeconds(20), () -> tell(type, yaml), () -> "hangs at " + described))
                    .as(described)
                    .isNotNull();
        }
    }

    private static String tell(SettingsType<?> type, String yaml) {
        Problems problems = new Problems();
        try {
            new YamlReader(problems)
                    .readMapping(Binding.FILE, yaml)
                    .ifPresent(node -> type.compile(node, Binding.context(problems)));
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("throws at " + yaml, e);
        }
        for (Problem problem : problems.errors()) {
            assertThat(problem.text()).doesNotContain("Exception").doesNotContain("io.turbulence");
        }
        return new ProblemPrinter(problems.sources()).print(problems.errors());
    }

    private static String mutated(String good, Random random) {
        StringBuilder text = new StringBuilder(good);
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), at + random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, to);
                case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> text.replace(at, to, PIECES.get(random.nextInt(PIECES.size())));
                default -> text.insert(random.nextInt(text.length() + 1), text.substring(at, to));
            }
        }
        return text.toString();
    }
}
