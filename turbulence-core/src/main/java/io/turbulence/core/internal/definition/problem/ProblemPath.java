package io.turbulence.core.internal.definition.problem;

import java.util.regex.Pattern;

/// Writes the path of a value in its file: `flow[0].headers['a.b']`.
public final class ProblemPath {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");

    private ProblemPath() {}

    public static String key(String path, String key) {
        if (!PLAIN.matcher(key).matches()) {
            return path + "['" + key + "']";
        }
        return path.isEmpty() ? key : path + "." + key;
    }

    public static String index(String path, int index) {
        return path + "[" + index + "]";
    }
}
