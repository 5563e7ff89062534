package io.turbulence.core;

import io.turbulence.core.internal.definition.binding.Durations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `{{env.NAME}}` finds.
final class Variables {

    static final String POOL_MAX = "TURBULENCE_POOL_MAX";

    private Variables() {}

    /// The environment, over it the files in order, over them what was given by name.
    static Map<String, String> merge(List<Path> files, Map<String, String> given) {
        Map<String, String> values = new HashMap<>(System.getenv());
        files.forEach(file -> read(file, values));
        values.putAll(given);
        return values;
    }

    private static void read(Path file, Map<String, String> values) {
        try {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                String text = line.strip();
                if (text.isEmpty() || text.startsWith("#")) {
                    continue;
                }
                int sign = text.indexOf('=');
                if (sign < 1) {
                    throw new IllegalArgumentException(
                            "%s:%d:1: '%s'; expected NAME=value".formatted(file, number, text));
                }
                String name = text.substring(0, sign).strip();
                values.put(
                        name.startsWith("export ")
                                ? name.substring("export ".length()).strip()
                                : name,
                        unquoted(text.substring(sign + 1).strip()));
            }
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("'" + file + "': no such file; expected lines of NAME=value", e);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    static @Nullable Integer integer(Map<String, String> values, String name) {
        String text = values.get(name);
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as a number that is too small is
        }
        throw new IllegalArgumentException(name + " was '" + text + "' but it must be a whole number from 1");
    }

    static Duration duration(Map<String, String> values, String name, Duration otherwise) {
        String text = values.get(name);
        if (text == null || text.isBlank()) {
            return otherwise;
        }
        return Durations.parse(text.strip())
                .orElseThrow(() -> new IllegalArgumentException(
                        name + " was '" + text + "' but it must be a duration such as 30s; a number is seconds"));
    }
}
