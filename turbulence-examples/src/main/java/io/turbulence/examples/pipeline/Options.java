package io.turbulence.examples.pipeline;

import java.util.List;

/// The options of a program, each `--name value`.
record Options(List<String> words) {

    static Options of(String[] arguments) {
        return new Options(List.of(arguments));
    }

    String text(String name) {
        int at = words.indexOf("--" + name);
        if (at < 0 || at + 1 == words.size()) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
        return words.get(at + 1);
    }

    int number(String name) {
        return Integer.parseInt(text(name));
    }
}
