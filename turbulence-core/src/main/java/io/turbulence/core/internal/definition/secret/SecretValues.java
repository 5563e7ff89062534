package io.turbulence.core.internal.definition.secret;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds and hides what stands under a secret's name in JSON-like trees.
public final class SecretValues {

    /// What stands in a secret's place.
    public static final String MASK = "***";

    /// A shorter value would be found by chance in any text.
    private static final int SHORTEST = 4;

    private SecretValues() {}

    /// The tree with `***` for every value under a secret's name; the tree itself when there is none.
    public static @Nullable Object hidden(@Nullable Object tree) {
        if (!hasSecret(tree)) {
            return tree;
        }
        if (tree instanceof Map<?, ?> map) {
            return hiddenMap(map);
        }
        return tree instanceof List<?> list ? hiddenList(list) : tree;
    }

    private static List<@Nullable Object> hiddenList(List<?> list) {
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        list.forEach(member -> copy.add(hidden(member)));
        return copy;
    }

    private static Map<String, @Nullable Object> hiddenMap(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
        map.forEach((name, value) -> {
            String key = String.valueOf(name);
            copy.put(key, SecretNames.isSecretPath(key) && value != null ? MASK : hidden(value));
        });
        return copy;
    }

    private static boolean hasSecret(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .anyMatch(entry -> SecretNames.isSecretPath(String.valueOf(entry.getKey()))
                                || hasSecret(entry.getValue()));
            case List<?> list -> list.stream().anyMatch(SecretValues::hasSecret);
            case null -> false;
            default -> false;
        };
    }

    /// Every text and number that stands under a secret's name, long enough to be told from others.
    public static void under(@Nullable Object tree, Consumer<String> secrets) {
        switch (tree) {
            case Map<?, ?> map ->
                map.forEach((name, value) -> {
                    if (SecretNames.isSecretPath(String.valueOf(name))) {
                        of(value, secrets);
                    } else {
                        under(value, secrets);
                    }
                });
            case List<?> list -> list.forEach(member -> under(member, secrets));
            case null -> {}
            default -> {}
        }
    }

    /// Every text and number of a tree that is secret as a whole.
    public static void of(@Nullable Object tree, Consumer<String> secrets) {
        switch (tree) {
            case Map<?, ?> map -> map.values().forEach(value -> of(value, secrets));
            case List<?> list -> list.forEach(value -> of(value, secrets));
            case String text -> longEnough(text, secrets);
            case Number number -> longEnough(number.toString(), secrets);
            case null -> {}
            default -> {}
        }
    }

    private static void longEnough(String text, Consumer<String> secrets) {
        if (text.length() >= SHORTEST && !text.isBlank()) {
            secrets.accept(text);
        }
    }
}
