package io.turbulence.benchmarks.definition;

import io.turbulence.core.internal.definition.expression.Expression;
import io.turbulence.core.internal.definition.expression.Expressions;
import io.turbulence.core.internal.definition.expression.Scope;
import io.turbulence.core.internal.definition.jsonpath.JsonPath;
import io.turbulence.core.internal.definition.template.Template;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a step takes of the language: a path with a template, a condition, and a value out of the answer. All were
/// compiled
/// when the scenario was loaded. With `-prof gc`, what it allocates: the texts and numbers that come out, and nothing
/// that
/// grows with the context or with the payload.
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class StepBenchmark {

    private static final Expressions EXPRESSIONS = new Expressions();

    /// Names in the context, and items in the payload.
    @Param({"10", "1000"})
    public int size;

    private Template path = compiled("/orders/{{order_id}}/items?tenant={{entry.seed_data.tenant}}");
    private Expression condition = EXPRESSIONS.compile("status_code == 200 and len(payload.items) > 2", 0);
    private JsonPath extract = JsonPath.compile("$.items[1].price");
    private Map<String, Object> payload = Map.of();
    private Scope scope = new Names(Map.of());

    @Setup
    public void fill() {
        List<Object> items = new ArrayList<>();
        Map<String, Object> names = new java.util.HashMap<>();
        for (int i = 0; i < size; i++) {
            items.add(Map.of("sku", "A-" + i, "price", i * 1.5));
            names.put("name_" + i, i);
        }
        payload = Map.of("items", items);
        names.put("order_id", "o-4711");
        names.put("entry", Map.of("seed_data", Map.of("tenant", "acme")));
        names.put("status_code", 200);
        names.put("payload", payload);
        scope = new Names(names);
    }

    @Benchmark
    public String template() {
        return path.renderText(scope);
    }

    @Benchmark
    public boolean condition() {
        return condition.test(scope);
    }

    @Benchmark
    public @Nullable Object extract() {
        return extract.first(payload);
    }

    @Benchmark
    public int step() {
        int length = path.renderText(scope).length();
        return condition.test(scope) && extract.first(payload) != null ? length : 0;
    }

    private static Template compiled(String text) {
        return Template.compile(text, EXPRESSIONS, name -> null, 0);
    }

    private record Names(Map<String, Object> values) implements Scope {

        @Override
        public boolean has(String name) {
            return values.containsKey(name);
        }

        @Override
        public @Nullable Object value(String name) {
            return values.get(name);
        }

        @Override
        public long random(int place) {
            return place;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }
    }
}
