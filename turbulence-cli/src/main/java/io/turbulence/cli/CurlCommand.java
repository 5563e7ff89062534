package io.turbulence.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The request of a curl command, as browsers copy it and manuals show it.
record CurlCommand(
        URI url,
        String method,
        Map<String, String> headers,
        @Nullable String body,
        Map<String, String> parts,
        @Nullable String user,
        boolean followsRedirects,
        boolean skipsVerification) {

    private static final String FROM_ENVIRONMENT = "{{env.";
    private static final String BEARER = "Bearer ";
    private static final String TOKEN = "API_TOKEN";

    /// Those whose values let somebody in.
    private static final Pattern SECRET_HEADER = Pattern.compile(
            "cookie|proxy-authorization|.*(api-?key|token|secret|password).*", Pattern.CASE_INSENSITIVE);

    /// What decides nothing here: how curl prints, and what a service or a step sets otherwise.
    private static final Set<String> IGNORED = Set.of(
            "--compressed",
            "--silent",
            "--show-error",
            "--include",
            "--verbose",
            "--fail",
            "--globoff",
            "--http1.1",
            "--http2");

    /// Those of which the value stands in the same word, as in `-XPOST`.
    private static final Set<String> SHORT_WITH_VALUE = Set.of("-X", "-H", "-d", "-u", "-A", "-b", "-F");

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
        yaml.append("# The service of system.yaml: { base_url: ").append(quoted(base()));
        if (skipsVerification) {
            yaml.append(", tls: { insecure_skip_verify: true }");
        }
        yaml.append(" }\n");
        Map<String, String> secrets = secrets();
        if (!secrets.isEmpty()) {
            yaml.append("# Secrets come from the environment, or from --var or --env-file: ")
                    .append(String.join(", ", secrets.values()))
                    .append('\n');
        }
        yaml.append("id: ").append(id).append("\nflow:\n");
        yaml.append("  - name: first\n    type: http\n");
        if (!method.equals("GET")) {
            yaml.append("    method: ").append(method).append('\n');
        }
        yaml.append("    path: ").append(quoted(path())).append('\n');
        if (followsRedirects) {
            yaml.append("    follow_redirects: true\n");
        }
        addCredentials(yaml, secrets);
        Map<String, String> plain = new LinkedHashMap<>(headers);
        plain.keySet().removeIf(name -> TOKEN.equals(secrets.get(name)));
        if (!plain.isEmpty()) {
            yaml.append("    headers:\n");
            plain.forEach((name, value) -> yaml.append("      ")
                    .append(quoted(name))
                    .append(": ")
                    .append(secrets.containsKey(name) ? reference(secrets.get(name)) : quoted(value))
                    .append('\n'));
        }
        if (!parts.isEmpty()) {
            yaml.append("    multipart:\n");
            parts.forEach((name, value) -> yaml.append("      ")
                    .append(quoted(name))
                    .append(": ")
                    .append(part(value))
                    .append('\n'));
        }
        if (body != null) {
            yaml.append("    body: ").append(quoted(body)).append('\n');
        }
        return yaml.toString();
    }

    /// The address without what stands behind the authority, and without a user in it.
    private String base() {
        String authority = url.getRawAuthority();
        return url.getScheme() + "://" + authority.substring(authority.indexOf('@') + 1);
    }

    /// The environment variable in place of each value that nobody should find in a file, by what it belongs to.
    private Map<String, String> secrets() {
        Map<String, String> secrets = new LinkedHashMap<>();
        if (user != null) {
            secrets.put("user", "API_PASSWORD");
        }
        headers.forEach((name, value) -> {
            if (isAuthorization(name)) {
                secrets.put(
                        name, value.regionMatches(true, 0, BEARER, 0, BEARER.length()) ? TOKEN : "API_AUTHORIZATION");
            } else if (SECRET_HEADER.matcher(name).matches()) {
                secrets.put(name, name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"));
            }
        });
        return secrets;
    }

    private void addCredentials(StringBuilder yaml, Map<String, String> secrets) {
        if (user != null) {
            int colon = user.indexOf(':');
            yaml.append("    auth: { basic: { username: ")
                    .append(quoted(colon < 0 ? user : user.substring(0, colon)))
                    .append(", password: ")
                    .append(reference(secrets.get("user")))
                    .append(" } }\n");
            return;
        }
        if (secrets.containsValue(TOKEN)) {
            yaml.append("    auth: { bearer: ").append(reference(TOKEN)).append(" }\n");
        }
    }

    private static boolean isAuthorization(String name) {
        return name.equalsIgnoreCase("Authorization");
    }

    private static String reference(@Nullable String variable) {
        return "\"" + FROM_ENVIRONMENT + variable + "}}\"";
    }

    /// `@file` is one that is sent as a file, with `;type=` for its media type.
    private static String part(String value) {
        if (!value.startsWith("@")) {
            return quoted(value);
        }
        int type = value.indexOf(";type=");
        String file = type < 0 ? value.substring(1) : value.substring(1, type);
        return "{ file: " + quoted(file)
                + (type < 0 ? "" : ", content_type: " + quoted(value.substring(type + ";type=".length())))
                + " }";
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
        private final Map<String, String> parts = new LinkedHashMap<>();
        private final List<String> data = new ArrayList<>();
        private @Nullable String user;
        private boolean asQuery;
        private boolean headOnly;
        private boolean followsRedirects;
        private boolean skipsVerification;

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
                case "-u", "--user" -> user = value(option, rest);
                case "-k", "--insecure" -> skipsVerification = true;
                case "-I", "--head" -> headOnly = true;
                case "-F", "--form" -> part(value(option, rest));
                case "--data-urlencode" -> data.add(encoded(value(option, rest)));
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
            if (IGNORED.contains(word)) {
                return;
            }
            if (word.matches("-[sSivfgkIL]+")) {
                skipsVerification |= word.contains("k");
                headOnly |= word.contains("I");
                followsRedirects |= word.contains("L");
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

        private void part(String form) {
            int equals = form.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + form + "' is no part such as 'title=Invoice'");
            }
            parts.put(form.substring(0, equals), form.substring(equals + 1));
        }

        /// As curl does: what stands after the first `=`, or all where nothing stands before it.
        private static String encoded(String value) {
            int equals = value.indexOf('=');
            if (equals < 0 && value.indexOf('@') >= 0) {
                throw new IllegalArgumentException("'" + value + "' is a file; write its content in its place");
            }
            String text = URLEncoder.encode(value.substring(equals + 1), StandardCharsets.UTF_8)
                    .replace("+", "%20");
            return equals < 1 ? text : value.substring(0, equals + 1) + text;
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
            if (body != null && !parts.isEmpty()) {
                throw new IllegalArgumentException("curl sends either -d or -F; leave one out");
            }
            String verb =
                    method != null ? method : headOnly ? "HEAD" : body == null && parts.isEmpty() ? "GET" : "POST";
            URI uri = uri(address);
            String given = user != null ? user : uri.getUserInfo();
            return new CurlCommand(uri, verb, headers, body, parts, given, followsRedirects, skipsVerification);
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
