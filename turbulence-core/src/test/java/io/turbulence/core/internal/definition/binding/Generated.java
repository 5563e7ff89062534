package io.turbulence.core.internal.definition.binding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Random inputs for [Everything], right and wrong. What a schema cannot say is left out: the range of a text that is a
/// number, of a duration or size in words, keys that differ in case, a name that is blank.
public final class Generated {

    private static final List<@Nullable Object> ANYTHING = Arrays.asList(
            null,
            true,
            0,
            -1,
            1.5,
            3_000_000_000L,
            "",
            "word",
            "{{env.WORD}}x",
            "{{x}}",
            "5s",
            List.of(),
            List.of("a"),
            Map.of(),
            Map.of("a", 1));

    private static final Map<String, List<@Nullable Object>> RIGHT = Map.ofEntries(
            entry("text", "a", "abcdefghij", "{{x}} and more than ten"),
            entry("note", "a", 1, true, "", null, "{{x}}"),
            entry("count", 1, 100, null, "{{x}}", "{{env.NUMBER}}", 5.0),
            entry("large", 3_000_000_000L, -1, null),
            entry("ratio", 0.5, 1, 1e9),
            entry("exact", 0.1, -5),
            entry("huge", 12345678901234L),
            entry("flag", true, false, null, "{{x}}"),
            entry("maybe", true, false, null),
            entry("delivery", "at_most_once", "exactly_once", null, "{{x}}"),
            entry("pause", 1, 0.5, "5s", "1m30s", "500ms", "1h", "2", null, "{{x}}"),
            entry("pause_ms", 100, 3_600_000, "5s"),
            entry("pause_seconds", 3600, "0.5"),
            entry("size", 1, 1_000_000, "64 KiB", "1kb", "{{x}}"),
            entry("file", "a/b.json", 5, "{{x}}"),
            entry("json", 1, List.of(1, Map.of("a", "{{x}}")), null, "{{x}}", "text"),
            entry("body", "text", 5, null),
            entry("form", Map.of("a", List.of(1)), "{{x}}", null, Map.of()),
            entry("query", "select 1", 5, "a {{{{b"),
            entry("script", "select {{x}}", null),
            entry("tags", List.of(), List.of("a", 1, true), null, "{{x}}", List.of("{{x}}")),
            entry("parts", List.of("one", Map.of("name", "n", "amount", 2)), List.of(), "{{x}}"),
            entry("headers", Map.of("A", "1", "B", 2), "{{x}}", Map.of("{{x}}", "y")),
            entry("weights", Map.of("a", 1, "b", "{{x}}"), Map.of("a", 5.0)),
            entry("named", Map.of("a", "one", "b", Map.of("title", "t"))),
            entry("part", "one", Map.of("name", "n", "parts", List.of("p", Map.of("name", 5))), null),
            entry("until", Map.of("equals", 1), "x > 1"),
            entry("early", "a", "{{env.WORD}}", null),
            entry("pin", 1234, null, "{{env.NUMBER}}"),
            entry("unknown", "x"));

    /// What the pool of anything holds and the schema cannot refuse, or the binder cannot accept.
    private static final Map<String, List<Object>> UNSAID = Map.of(
            "early", List.of("{{x}}"),
            "count", List.of("{{env.WORD}}x"),
            "ratio", List.of("{{env.WORD}}x"),
            "part", List.of(""),
            "pause", List.of(0));

    private Generated() {}

    public static SettingsType<?> type() {
        return SettingsType.of(Everything.class);
    }

    public static Map<String, @Nullable Object> input(Random random) {
        Map<String, @Nullable Object> input = new LinkedHashMap<>();
        if (random.nextInt(20) > 0) {
            input.put("text", pick(RIGHT.get("text"), random));
        }
        if (random.nextInt(20) > 0) {
            input.put(random.nextBoolean() ? "query" : "script", "q");
        }
        List<String> keys = new ArrayList<>(RIGHT.keySet());
        keys.sort(null);
        for (int more = random.nextInt(5); more > 0; more--) {
            String key = pick(keys, random);
            if (key.equals("unknown") && random.nextInt(3) > 0) {
                continue;
            }
            Object value = random.nextInt(4) == 0 ? pick(ANYTHING, random) : pick(RIGHT.get(key), random);
            if (!isUnsaid(key, value)) {
                input.put(key, value);
            }
        }
        return input;
    }

    private static boolean isUnsaid(String key, @Nullable Object value) {
        // An environment's word fits text only, which a schema cannot know
        boolean word = "{{env.WORD}}x".equals(value);
        boolean text = List.of("text", "note", "json", "body", "script", "early", "until", "file", "part")
                .contains(key);
        return (word && !text)
                || (value != null && UNSAID.getOrDefault(key, List.of()).contains(value));
    }

    private static <T extends @Nullable Object> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    private static Map.Entry<String, List<@Nullable Object>> entry(String key, @Nullable Object... values) {
        return Map.entry(key, Arrays.asList(values));
    }
}
