package io.turbulence.core.internal.definition.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.DataSize;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Problem;
import io.turbulence.core.internal.definition.problem.Problems;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RenderedSettingsTest {

    private static final SettingsType<Everything> TYPE = SettingsType.of(Everything.class);

    private final Problems problems = new Problems();

    @Nested
    class Constants {

        @Test
        void areBoundByTheirTypes() {
            Everything bound = plan("""
                text: 1.50
                count: 5.0
                large: 3000000000
                ratio: 1
                exact: 0.10
                huge: 123456789012345678901
                flag: true
                delivery: at_most_once
                pause: 1m30s
                size: 1 KiB
                file: ../data/x.json
                json: {a: [1, null], b: ~}
                script: "{{{{x}}"
                tags: [a, 1, true]
                parts: [one, {title: two, amount: 2, parts: [three]}]
                headers: {X-A: 1}
                weights: {a: 1, b: null}
                named: {x: y}
                part: {name: p}
                until: {equals: 1}
                early: "{{env.WORD}}"
                """).settings().orElseThrow();
            assertThat(bound.text()).isEqualTo("1.50");
            assertThat(bound.count()).isEqualTo(5);
            assertThat(bound.large()).isEqualTo(3_000_000_000L);
            assertThat(bound.ratio()).isEqualTo(1.0);
            assertThat(bound.exact()).isEqualByComparingTo(new BigDecimal("0.1"));
            assertThat(bound.huge()).isEqualTo(new BigInteger("123456789012345678901"));
            assertThat(bound.flag()).isTrue();
            assertThat(bound.maybe()).isNull();
            assertThat(bound.delivery()).isEqualTo(Everything.Delivery.AT_MOST_ONCE);
            assertThat(bound.pause()).isEqualTo(Duration.ofSeconds(90));
            assertThat(bound.size()).isEqualTo(DataSize.ofBytes(1024));
            assertThat(bound.file()).isEqualTo(Path.of("data/x.json"));
            Map<String, @Nullable Object> tree = new HashMap<>();
            tree.put("a", Arrays.asList(1, null));
            tree.put("b", null);
            assertThat(bound.tree()).isEqualTo(tree);
            assertThat(bound.tags()).containsExactly("a", "1", "true");
            assertThat(bound.parts())
                    .containsExactly(
                            new Everything.Part("one", null, List.of()),
                            new Everything.Part("two", 2, List.of(new Everything.Part("three", null, List.of()))));
            assertThat(bound.headers()).isEqualTo(Map.of("X-A", "1"));
            assertThat(bound.weights()).isEqualTo(Map.of("a", 1));
            assertThat(bound.until()).isEqualTo(new Binding.Described("{equals=1}"));
            assertThat(bound.script()).isEqualTo("{{x}}");
            assertThat(bound.early()).isEqualTo("seven");
        }

        @Test
        void areDefaultsWhereNothingIsGiven() {
            Everything bound =
                    plan("{text: a, query: q, count: , pause: ~}").settings().orElseThrow();
            assertThat(bound.count()).isEqualTo(3);
            assertThat(bound.delivery()).isEqualTo(Everything.Delivery.EXACTLY_ONCE);
            assertThat(bound.pause()).isEqualTo(Duration.ofSeconds(5));
            assertThat(bound.flag()).isFalse();
            assertThat(bound.tags()).isEmpty();
            assertThat(bound.headers()).isEmpty();
            assertThat(bound.form()).isNull();
        }

        @Test
        void takeTheirUnitFromTheKey() {
            assertThat(plan("{text: a, query: q, pause_ms: 1500}")
                            .render(NOTHING)
                            .pause())
                    .isEqualTo(Duration.ofMillis(1500));
            assertThat(plan("{text: a, query: q, pause_seconds: 1.5}")
                            .render(NOTHING)
                            .pause())
                    .isEqualTo(Duration.ofMillis(1500));
            assertThat(plan("{text: a, query: q, pause_ms: 2s}").render(NOTHING).pause())
                    .isEqualTo(Duration.ofSeconds(2));
        }

        @Test
        void mayComeFromTheEnvironment() {
            Everything bound =
                    plan("{text: 'x{{env.WORD}}', query: q, count: '{{env.NUMBER}}', maybe: '{{env.FLAG}}', delivery:"
                                    + " '{{env.DELIVERY}}', pause: '{{env.NUMBER}}'}")
                            .settings()
                            .orElseThrow();
            assertThat(bound.text()).isEqualTo("xseven");
            assertThat(bound.count()).isEqualTo(7);
            assertThat(bound.maybe()).isTrue();
            assertThat(bound.delivery()).isEqualTo(Everything.Delivery.AT_MOST_ONCE);
            assertThat(bound.pause()).isEqualTo(Duration.ofSeconds(7));
        }

        @Test
        void areSharedByAllSteps() {
            SettingsPlan<Everything> plan = plan("{text: a, query: q}");
            assertThat(plan.isConstant()).isTrue();
            assertThat(plan.render(NOTHING)).isSameAs(plan.render(NOTHING));
        }

        @Test
        void areSharedInsideWhatHoldsTemplates() {
            SettingsPlan<Everything> plan = plan("{text: a, query: q, json: {fixed: {a: 1}, open: '{{x}}'}}");
            Everything one = plan.render(new SettingsPlanTest.Values(Map.of("x", 1)));
            Everything two = plan.render(new SettingsPlanTest.Values(Map.of("x", 2)));
            assertThat(one.tree()).isEqualTo(Map.of("fixed", Map.of("a", 1), "open", 1));
            assertThat(two.tree()).isEqualTo(Map.of("fixed", Map.of("a", 1), "open", 2));
            assertThat(((Map<?, ?>) one.tree()).get("fixed")).isSameAs(((Map<?, ?>) two.tree()).get("fixed"));
        }
    }

    @Nested
    class Templates {

        @Test
        void giveWhatTheSettingTakes() {
            Everything bound = plan("""
                text: "{{number}}"
                query: q
                count: "{{text}}"
                flag: "{{yes}}"
                delivery: "{{name}}"
                pause: "{{number}}"
                size: "{{bytes}}"
                file: "{{word}}.json"
                tags: "{{list}}"
                parts: "{{parts}}"
                headers: "{{map}}"
                weights: {"{{word}}": "{{text}}"}
                part: "{{word}}"
                """)
                    .render(new SettingsPlanTest.Values(Map.of(
                            "number", 5,
                            "text", " 6 ",
                            "yes", "True",
                            "name", "AT_LEAST_ONCE",
                            "bytes", "2 KB",
                            "word", "seven",
                            "list", List.of("a", 2),
                            "parts", List.of("p", Map.of("name", "q", "amount", "3")),
                            "map", Map.of("A", 1))));
            assertThat(bound.text()).isEqualTo("5");
            assertThat(bound.count()).isEqualTo(6);
            assertThat(bound.flag()).isTrue();
            assertThat(bound.delivery()).isEqualTo(Everything.Delivery.AT_LEAST_ONCE);
            assertThat(bound.pause()).isEqualTo(Duration.ofSeconds(5));
            assertThat(bound.size()).isEqualTo(DataSize.ofBytes(2000));
            assertThat(bound.file()).isEqualTo(Path.of("dir/seven.json"));
            assertThat(bound.tags()).containsExactly("a", "2");
            assertThat(bound.parts())
                    .containsExactly(new Everything.Part("p", null, List.of()), new Everything.Part("q", 3, List.of()));
            assertThat(bound.headers()).isEqualTo(Map.of("A", "1"));
            assertThat(bound.weights()).isEqualTo(Map.of("seven", 6));
            assertThat(bound.part()).isEqualTo(new Everything.Part("seven", null, List.of()));
        }

        @Test
        void thatGiveSomethingElseAreToldWithTheirPlace() {
            assertThat(failure("count: '{{x}}'", "ten"))
                    .isEqualTo("dir/shop.yaml:2:8: flow[0].count: text 'ten'; expected a whole number");
            assertThat(failure("count: '{{x}}'", 1000))
                    .isEqualTo("dir/shop.yaml:2:8: flow[0].count: the number 1000; expected from 1 to 100");
            assertThat(failure("note: '{{x}}'", List.of()))
                    .isEqualTo("dir/shop.yaml:2:7: flow[0].note: a list; expected text");
            assertThat(failure("tags: ['{{x}}']", Map.of()))
                    .isEqualTo("dir/shop.yaml:2:8: flow[0].tags[0]: a mapping; expected text");
            assertThat(failure("tags: '{{x}}'", "a"))
                    .isEqualTo("dir/shop.yaml:2:7: flow[0].tags: text 'a'; expected a list");
            assertThat(failure("part: {name: '{{x}}'}", " "))
                    .isEqualTo("dir/shop.yaml:2:7: flow[0].part: name was ' ' but it must not be blank");
            assertThat(failure("parts: '{{x}}'", List.of(Map.of("nmae", 1))))
                    .isEqualTo(
                            "dir/shop.yaml:2:8: flow[0].parts: flow[0].parts[0].nmae: the unknown key 'nmae'; expected"
                                    + " one of 'name', 'amount', 'parts'");
            assertThat(failure("note: 'a {{x.y}}'", Map.of()))
                    .isEqualTo(
                            "dir/shop.yaml:2:7: flow[0].note: 'a {{x.y}}' has no value: \"x\" has no key \"y\"; it is"
                                    + " empty. Use has(x, 'y') or ?. where it may be missing");
            assertThat(failure("pin: '{{x}}'", "hunter2"))
                    .isEqualTo("dir/shop.yaml:2:6: flow[0].pin: a secret value that does not fit; expected a whole"
                            + " number");
        }

        private String failure(String line, Object x) {
            SettingsPlan<Everything> plan = plan("{text: a, query: q,\n" + line + "}");
            Throwable[] thrown = new Throwable[1];
            assertThatThrownBy(() -> plan.render(new SettingsPlanTest.Values(Map.of("x", x))))
                    .isInstanceOf(RenderException.class)
                    .satisfies(e -> thrown[0] = e);
            return thrown[0].getMessage();
        }
    }

    @Test
    void knowsConstantsAndPresence() {
        SettingsPlan<Everything> plan = plan("{text: '{{x}}', query: q, pause_ms: 100, note: ~, json: ~}");
        assertThat(plan.constant("text", String.class)).isEmpty();
        assertThat(plan.constant("pause", Duration.class)).contains(Duration.ofMillis(100));
        assertThat(plan.constant("count", Integer.class)).contains(3);
        assertThat(plan.has("text")).isTrue();
        assertThat(plan.has("pause_seconds")).isTrue();
        assertThat(plan.has("note")).isFalse();
        assertThat(plan.has("json")).isTrue();
        assertThat(plan.has("count")).isFalse();
        assertThat(plan.settings()).isEmpty();
        assertThat(plan.templates()).extracting(TemplateUse::path).containsExactly("flow[0].text");
    }

    @Test
    void isRenderedAsFarAsItIsKnown() {
        Everything known =
                plan("{text: '{{x}}', query: q, count: '{{x}}', note: '{{x}}', tags: ['{{x}}'], early: e, part: {name:"
                                + " '{{x}}x'}}")
                        .renderKnown(NOTHING);
        assertThat(known.text()).isEmpty();
        assertThat(known.note()).isNull();
        assertThat(known.tags()).isEmpty();
        assertThat(known.early()).isEqualTo("e");
        assertThat(known.count()).isZero();
        assertThat(known.part()).isNull();
    }

    @Test
    void findsSecrets() {
        List<String> secrets = new ArrayList<>();
        TYPE.secrets(plan("{text: a, query: q, pin: 1234}").render(NOTHING), secrets::add);
        assertThat(secrets).containsExactly("1234");
    }

    @Test
    void placesAPluginsProblems() {
        SettingsPlan<Everything> plan = plan("{text: a, query: q,\njson: {items: [1, {sku: x}]},\npause_ms: 100}");
        plan.problems().error("json.items[1].sku", "unknown sku 'x'", "one of 'y', 'z'", "Ask the shop.");
        plan.problems().warning("pause", "a short pause", null);
        assertThat(plan.location("json.items[7].sku")).isEqualTo(new Location(Binding.FILE, 2, 15));
        assertThat(problems.errors().stream().map(Problem::text))
                .containsExactly(
                        "dir/shop.yaml:2:25: flow[0].json.items[1].sku: unknown sku 'x'; expected one of 'y', 'z'. Ask"
                                + " the shop.");
        assertThat(problems.warnings().stream().map(Problem::text))
                .containsExactly("dir/shop.yaml:3:11: warning: flow[0].pause_ms: a short pause");
    }

    private SettingsPlan<Everything> plan(String yaml) {
        SettingsPlan<Everything> plan = TYPE.compile(
                Binding.read(problems, yaml), Binding.context(problems).at("flow[0]"));
        assertThat(problems.errors()).isEmpty();
        return plan;
    }

    private static final SettingsPlanTest.Values NOTHING = new SettingsPlanTest.Values(Map.of());
}
