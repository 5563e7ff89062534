package io.turbulence.core.internal.check;

import io.turbulence.core.internal.definition.secret.SecretNames;
import io.turbulence.core.internal.definition.secret.SecretValues;
import io.turbulence.spi.ShownText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Copies the beginning of a tree, as much as so many characters of its JSON need: what is shown of an answer of
/// megabytes costs no more than of a small one. What stands under a secret's name is hidden.
final class Beginning {

    /// Of members, each of which is one character at least.
    private int left;

    private final int characters;

    private Beginning(int characters) {
        this.characters = characters;
        this.left = characters;
    }

    /// A tree whose JSON begins with the same characters, and is longer than they when that of the whole is.
    static @Nullable Object of(@Nullable Object tree, int characters) {
        return new Beginning(characters).copy(tree);
    }

    private @Nullable Object copy(@Nullable Object tree) {
        left--;
        return switch (tree) {
            case String text -> ShownText.beginning(text, 2 * characters + 1);
            case Map<?, ?> map -> map(map);
            case List<?> list -> list(list);
            case null -> null;
            default -> tree;
        };
    }

    private List<@Nullable Object> list(List<?> list) {
        List<@Nullable Object> copy = new ArrayList<>();
        for (Object member : list) {
            if (left < 0) {
                break;
            }
            copy.add(copy(member));
        }
        return copy;
    }

    private Map<String, @Nullable Object> map(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (left < 0) {
                break;
            }
            String key = String.valueOf(entry.getKey());
            boolean secret = entry.getValue() != null && SecretNames.isSecretPath(key);
            copy.put(key, copy(secret ? SecretValues.MASK : entry.getValue()));
        }
        return copy;
    }
}
