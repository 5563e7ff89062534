package io.turbulence.core.internal.definition.problem;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Cases in a text file: a line `=== name`, the input, a line `--->`, and what is to be told of it.
public final class Corpus {

    private Corpus() {}

    /// `␇` stands for the control character.
    public static List<Case> read(String resource) {
        try (InputStream stream = Corpus.class.getResourceAsStream(resource)) {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            List<Case> cases = new ArrayList<>();
            for (String part : text.split("(?m)^=== ", -1)) {
                if (!part.isEmpty()) {
                    String name = part.substring(0, part.indexOf('\n'));
                    String[] halves = part.substring(part.indexOf('\n') + 1).split("(?m)^--->\n", 2);
                    cases.add(new Case(name, halves[0].replace('␇', '\u0007'), halves[1].stripTrailing()));
                }
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One mistake.
    public record Case(String name, String input, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }
}
