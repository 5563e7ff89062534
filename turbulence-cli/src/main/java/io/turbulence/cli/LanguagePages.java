package io.turbulence.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What `docs` says of the language's own words: built-in steps and common keys.
final class LanguagePages {

    private static final String FILE = "language.txt";
    private static final String TITLE = "=== ";

    private LanguagePages() {}

    /// Pages by word, in their order.
    static Map<String, String> all() {
        Map<String, String> pages = new LinkedHashMap<>();
        for (String page : text().split("(?m)^(?==== )", -1)) {
            if (page.startsWith(TITLE)) {
                int end = page.indexOf('\n');
                pages.put(page.substring(TITLE.length(), end), page.substring(end + 1));
            }
        }
        return pages;
    }

    private static String text() {
        try (InputStream in = LanguagePages.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("'" + FILE + "' is missing in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + FILE + "' cannot be read", e);
        }
    }
}
