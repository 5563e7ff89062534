package io.turbulence.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The request of a curl command, as browsers copy it and manuals show it.
record CurlCommand(
        URI url,
        String method,
        Map<String, String> headers,
        @Nullable String body,
        boolean followsRedirects) {

    /// What decides nothing here: how curl prints, and what a service or a step sets otherwise.
    private static final Set<String> IGNORED = Set.of(
            "--compressed",
            "--silent",
            "--show-error",
            "--include",
            "--verbose",
            "--fail",
            "--globoff",
            "--insecure",
            "--http1.1",
            "--http2");

    /// Those of which the value stands in the same word, as in `-XPOST`.
    private static final Set<String> SHORT_WITH_VALUE = Set.of("-X", "-H", "-d", "-u", "-A", "-b");

    /// @throws IllegalArgumentException when it cannot be understood; the message says what
    static CurlCommand parse(String command) {
        List<String> words = ShellWords.of(command);
        if (words.isEmpty() || !words.removeFirst().equals("curl")) {
            throw new IllegalArgumentException("the command must begin with 'curl'");
        }
        Parser parser = new Parser();
        while (!words.isEmpty()) {
            parser.take(words.removeFirst(), words);
        }
        return parser.result();
    }

    String scenario(String id) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("# The service of system.yaml: { base_url: ")
                .append(quoted(url.getScheme() + "://" + url.getRawAuthority()))
                .append(" }\n");
        yaml.append("id: ").append(id).append("\nflow:\n");
        yaml.append("  - name: first\n    type: http\n");
        if (!method.equals("GET")) {
            yaml.append("    method: ").append(method).append('\n');
        }
        yaml.append("    path: ").append(quoted(path())).append('\n');
        if (followsRedirects) {
            yaml.append("    follow_redirects: true\n");
        }
        if (!headers.isEmpty()) {
            yaml.append("    headers:\n");
            headers.forEach((name, value) -> yaml.append("      ")
                    .append(quoted(name))
                    .append(": ")
                    .append(quoted(value))
                    .append('\n'));
        }
        if (body != null) {
            yaml.append("    body: ").append(quoted(body)).append('\n');
        }
        return yaml.toString();
    }

    private String path() {
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    /// As a text of YAML in which no template is found.
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.replace("{{", "{{{{").chars().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ') {
                        quoted.append("\\x%02x".formatted(c));
                    } else {
                        quoted.append((char) c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    private static final class Parser {

        private @Nullable String url;
        private @Nullable String method;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private final List<String> data = new ArrayList<>();
        private boolean asQuery;
        private boolean followsRedirects;

        void take(String word, List<String> rest) {
            String option = word;
            if (word.length() > 2 && SHORT_WITH_VALUE.contains(word.substring(0, 2))) {
                option = word.substring(0, 2);
                rest.addFirst(word.substring(2));
            }
            switch (option) {
                case "-X", "--request" -> method = value(option, rest).toUpperCase(Locale.ROOT);
                case "-H", "--header" -> header(value(option, rest));
                case "-A", "--user-agent" -> headers.put("User-Agent", value(option, rest));
                case "-b", "--cookie" -> headers.put("Cookie", value(option, rest));
                case "-u", "--user" -> headers.put("Authorization", basic(value(option, rest)));
                case "-d", "--data", "--data-raw", "--data-binary", "--data-ascii" -> data.add(text(option, rest));
                case "--json" -> {
                    data.add(text(option, rest));
                    headers.putIfAbsent("Content-Type", "application/json");
                    headers.putIfAbsent("Accept", "application/json");
                }
                case "-G", "--get" -> asQuery = true;
                case "-L", "--location" -> followsRedirects = true;
                case "--url" -> url = value(option, rest);
                default -> other(option);
            }
        }

        private void other(String word) {
            if (IGNORED.contains(word) || word.matches("-[sSivfgk]+")) {
                return;
            }
            if (word.startsWith("-")) {
                throw new IllegalArgumentException("curl's option '" + word + "' is not understood here; leave it out");
            }
            if (url != null) {
                throw new IllegalArgumentException("two addresses, '" + url + "' and '" + word + "'; name one");
            }
            url = word;
        }

        private static String value(String option, List<String> rest) {
            if (rest.isEmpty()) {
                throw new IllegalArgumentException("nothing stands after '" + option + "'");
            }
            return rest.removeFirst();
        }

        private static String text(String option, List<String> rest) {
            String value = value(option, rest);
            if (value.startsWith("@") && !option.equals("--data-raw")) {
                throw new IllegalArgumentException(
                        "'" + value + "' is a file; write 'body: { file: " + value.substring(1) + " }' into the step");
            }
            return value;
        }

        private void header(String line) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("'" + line + "' is no header such as 'Accept: text/html'");
            }
            headers.put(
                    line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }

        private static String basic(String user) {
            return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        }

        CurlCommand result() {
            if (url == null) {
                throw new IllegalArgumentException("no address");
            }
            String address = url.contains("://") ? url : "http://" + url;
            String body = data.isEmpty() ? null : String.join("&", data);
            if (asQuery && body != null) {
                address += (address.contains("?") ? "&" : "?") + body;
                body = null;
            }
            boolean typed = headers.keySet().stream().anyMatch("content-type"::equalsIgnoreCase);
            if (body != null && !typed) {
                headers.put("Content-Type", "application/x-www-form-urlencoded");
            }
            String verb = method != null ? method : body == null ? "GET" : "POST";
            return new CurlCommand(uri(address), verb, headers, body, followsRedirects);
        }

        private static URI uri(String address) {
            try {
                URI uri = new URI(address);
                if (uri.getRawAuthority() != null && Set.of("http", "https").contains(uri.getScheme())) {
                    return uri;
                }
            } catch (URISyntaxException e) {
                // Told below, as an address of another kind is
            }
            throw new IllegalArgumentException("'" + address + "' is no address of http or https");
        }
    }
}
