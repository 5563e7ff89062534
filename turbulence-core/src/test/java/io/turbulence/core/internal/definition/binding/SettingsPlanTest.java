package io.turbulence.core.internal.definition.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.DataSize;
import io.turbulence.core.internal.definition.expression.Expressions;
import io.turbulence.core.internal.definition.expression.Scope;
import io.turbulence.core.internal.definition.problem.Problem;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.YamlReader;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SettingsPlanTest {

    private final Problems problems = new Problems();

    @Test
    void bindsPoolWithDefaults() {
        assertThat(bind(PoolSettings.class, "{}").settings()).contains(PoolSettings.defaults());
    }

    @Test
    void bindsPool() {
        PoolSettings pool = bind(
                        PoolSettings.class,
                        "{max_connections: 5, min: 1, scope: instance, idle_timeout: 2, leak_after: 1m30s, per_host:"
                                + " {'a:1': {idle_timeout: 500ms}}}")
                .settings()
                .orElseThrow();
        assertThat(pool.max()).isEqualTo(5);
        assertThat(pool.scope()).isEqualTo(PoolSettings.Scope.INSTANCE);
        assertThat(pool.idleTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(pool.leakAfter()).isEqualTo(Duration.ofSeconds(90));
        assertThat(pool.perHost()).containsEntry("a:1", new PoolSettings.PerHost(Duration.ofMillis(500), null));
    }

    @OneOf({"json", "body"})
    record Call(
            @Setting("P") String path,

            @Setting(
                    value = "H",
                    inherits = {"^default_headers", "headers"},
                    ignoreCase = true)
            Map<String, String> headers,

            @Setting("J") @Nullable Object json,
            @Setting("B") @Nullable String body,
            @Setting(value = "M", defaultValue = "64 MiB") DataSize maxBody,

            @Setting(
                    value = "T",
                    aliases = {"timeout_seconds", "timeout_ms"})
            @Nullable
            Duration timeout,

            @Setting("N") @Nullable Integer count,
            @Setting("F") @Nullable Path file,
            @Setting("L") List<String> tags) {}

    @Test
    void rendersTemplatesAndSharesConstants() {
        SettingsPlan<Call> plan = bind(
                Call.class,
                "{path: '/orders/{{id}}', json: {a: 1, b: ['{{id}}', {c: d}]}, timeout_ms: 250, count: '{{id}}', file:"
                        + " x.json, tags: [1, '{{id}}']}");
        Call call = plan.render(new Values(Map.of("id", 7)));
        assertThat(call.path()).isEqualTo("/orders/7");
        assertThat(call.json()).isEqualTo(Map.of("a", 1, "b", List.of(7, Map.of("c", "d"))));
        assertThat(call.timeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(call.count()).isEqualTo(7);
        assertThat(call.maxBody()).isEqualTo(DataSize.parse("64 MiB"));
        assertThat(call.file()).isEqualTo(Path.of("dir/x.json"));
        assertThat(call.tags()).containsExactly("1", "7");
        assertThat(plan.isConstant()).isFalse();
        assertThat(plan.constant("timeout", Duration.class)).contains(Duration.ofMillis(250));
        assertThat(plan.constant("path", String.class)).isEmpty();
    }

    @Test
    void tellsWhatDoesNotFitWhenRendered() {
        SettingsPlan<Call> plan = bind(Call.class, "{path: /, count: '{{id}}'}");
        assertThatThrownBy(() -> plan.render(new Values(Map.of("id", "seven"))))
                .hasMessage("dir/f.yaml:1:18: count: text 'seven'; expected a whole number");
    }

    @Test
    void tellsAllProblemsAtOnce() {
        bind(Call.class, "{pth: /, json: 1, body: x, max_body: many, count: '3'}");
        assertThat(problems.errors().stream().map(Problem::text))
                .containsExactly(
                        "dir/f.yaml:1:2: pth: the unknown key 'pth'; expected one of 'path', 'headers', 'json',"
                                + " 'body', 'max_body', 'timeout', 'count', 'file', 'tags'. Did you mean 'path'?",
                        "dir/f.yaml:1:19: 'body' beside 'json'; expected at most one of 'json', 'body'",
                        "dir/f.yaml:1:38: max_body: text 'many'; expected a size such as '64 MiB' or 1024",
                        "dir/f.yaml:1:51: count: text '3'; expected a whole number. Take the quotes away.");
    }

    @Test
    void mergesInheritedHeaders() {
        MappingNode system = read("{default_headers: {X-A: '1', X-B: '2', X-C: '3'}}");
        MappingNode service = read("{headers: {x-b: '{{id}}'}}");
        SettingsPlan<Call> plan = SettingsType.of(Call.class)
                .compile(
                        read("{path: /, headers: {X-C: null, X-D: '4'}}"),
                        context().withInheritance(new Inheritance(system, service, null)));
        assertThat(problems.errors()).isEmpty();
        assertThat(plan.render(new Values(Map.of("id", 7))).headers())
                .isEqualTo(Map.of("X-A", "1", "x-b", "7", "X-D", "4"));
    }

    private <S extends Record> SettingsPlan<S> bind(Class<S> type, String yaml) {
        return SettingsType.of(type).compile(read(yaml), context());
    }

    private BindingContext context() {
        return BindingContext.of(problems, new Expressions(), name -> null, (node, context) -> scope -> {
            throw new IllegalStateException();
        });
    }

    private MappingNode read(String yaml) {
        return new YamlReader(problems).readMapping(Path.of("dir/f.yaml"), yaml).orElseThrow();
    }

    record Values(Map<String, Object> values) implements Scope {

        @Override
        public boolean has(String name) {
            return values.containsKey(name);
        }

        @Override
        public @Nullable Object value(String name) {
            return new HashMap<>(values).get(name);
        }

        @Override
        public long random(int place) {
            return 0;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }
    }
}
