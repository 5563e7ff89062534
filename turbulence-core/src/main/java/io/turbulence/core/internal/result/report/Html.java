package io.turbulence.core.internal.result.report;

/// Collects a page. Not thread-safe.
final class Html {

    private final StringBuilder page = new StringBuilder(512 * 1024);

    /// As it is.
    Html raw(String html) {
        page.append(html);
        return this;
    }

    /// Escaped, for text and for attributes in double quotes.
    Html text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> page.append("&amp;");
                case '<' -> page.append("&lt;");
                case '>' -> page.append("&gt;");
                case '"' -> page.append("&quot;");
                case '\'' -> page.append("&#39;");
                default -> page.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
            }
        }
        return this;
    }

    /// `<name>text</name>`.
    Html element(String name, String text) {
        return raw("<" + name + ">").text(text).raw("</" + name + ">");
    }

    int length() {
        return page.length();
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
