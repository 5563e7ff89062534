package io.turbulence.core.internal.result.json;

import io.turbulence.core.internal.definition.secret.SecretNames;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes secrets out of texts: known values wherever they occur, and what stands under a secret name
/// in `name=value`, `"name": "value"` and `Bearer …`. Thread-safe.
public final class SecretMask {

    public static final String MASK = "***";

    /// A shorter value is masked only where it stands alone: it would be found by chance in any text.
    private static final int SHORTEST_INSIDE = 4;

    private static final int SHORTEST_CREDENTIAL = 8;

    private static final String UNQUOTED_END = "&;, \t\r\n\"'})]";
    private static final String[] SCHEMES = {"Bearer ", "bearer ", "Basic ", "basic "};

    private final SecretNames names;
    private final Set<String> whole;
    private final List<String> inside;

    public SecretMask(Collection<String> secrets) {
        this(new SecretNames(), Set.of(), secrets);
    }

    /// @param known forms of other secrets
    private SecretMask(SecretNames names, Set<String> known, Collection<String> secrets) {
        this.names = names;
        Set<String> forms = new LinkedHashSet<>(known);
        for (String secret : secrets) {
            if (!secret.isBlank()) {
                addForms(secret, forms);
            }
        }
        this.whole = Set.copyOf(forms);
        List<String> longer = new ArrayList<>();
        for (String form : forms) {
            if (form.length() >= SHORTEST_INSIDE) {
                longer.add(form);
            }
        }
        // the longest first, or what is left of it would still tell
        longer.sort(Comparator.comparingInt(String::length).reversed());
        this.inside = List.copyOf(longer);
    }

    /// The same with more values.
    public SecretMask with(Collection<String> secrets) {
        if (secrets.isEmpty() || whole.containsAll(secrets)) {
            return this;
        }
        return new SecretMask(names, whole, secrets);
    }

    public boolean isSecretName(String name) {
        return names.isSecret(name);
    }

    public String text(String text) {
        String masked = values(text);
        if (masked.indexOf('=') >= 0 || masked.indexOf(':') >= 0) {
            masked = assignments(masked);
        }
        return schemes(masked);
    }

    /// For texts that cannot hold names: only known values.
    String values(String text) {
        if (whole.isEmpty()) {
            return text;
        }
        if (whole.contains(text)) {
            return MASK;
        }
        String masked = text;
        for (String secret : inside) {
            if (masked.contains(secret)) {
                masked = masked.replace(secret, MASK);
            }
        }
        return masked;
    }

    /// Whether a number is a known value.
    public boolean isSecret(Number number) {
        return !whole.isEmpty() && whole.contains(number.toString());
    }

    /// Whether bytes hold a known value.
    boolean holdSecret(byte[] bytes) {
        if (inside.isEmpty()) {
            return false;
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (String secret : inside) {
            if (text.contains(new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))) {
                return true;
            }
        }
        return false;
    }

    private static void addForms(String secret, Set<String> forms) {
        forms.add(secret);
        String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        forms.add(encoded);
        forms.add(encoded.replace("+", "%20"));
        // As a shell takes it between single quotes
        forms.add(secret.replace("'", "'\\''"));
        forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
        if (secret.length() >= SHORTEST_INSIDE) {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
        }
    }

    private String assignments(String text) {
        StringBuilder masked = null;
        int copied = 0;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c != '=' && c != ':') || i < copied) {
                continue;
            }
            String name = nameBefore(text, i);
            if (name == null || !names.isSecret(name)) {
                continue;
            }
            int start = valueStart(text, i);
            int end = valueEnd(text, start);
            if (end > start && !text.startsWith(MASK, start)) {
                masked = masked == null ? new StringBuilder(text.length()) : masked;
                masked.append(text, copied, start).append(MASK);
                copied = end;
            }
        }
        return masked == null
                ? text
                : masked.append(text, copied, text.length()).toString();
    }

    /// The word before a sign; before a colon only one in quotes, since prose has colons too.
    private static @Nullable String nameBefore(String text, int sign) {
        int end = sign;
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        boolean escaped = end > 1 && text.charAt(end - 1) == '"' && text.charAt(end - 2) == '\\';
        boolean quoted = end > 0 && (text.charAt(end - 1) == '"' || text.charAt(end - 1) == '\'');
        if (text.charAt(sign) == ':' && !quoted) {
            return null;
        }
        end -= escaped ? 2 : quoted ? 1 : 0;
        int start = end;
        while (start > 0 && isNamePart(text.charAt(start - 1))) {
            start--;
        }
        return start == end ? null : text.substring(start, end);
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
    }

    private static int valueStart(String text, int sign) {
        int start = sign + 1;
        while (start < text.length() && (text.charAt(start) == ' ' || text.charAt(start) == '=')) {
            start++;
        }
        if (start + 1 < text.length() && text.charAt(start) == '\\' && text.charAt(start + 1) == '"') {
            return start + 2;
        }
        return start < text.length() && isQuote(text.charAt(start)) ? start + 1 : start;
    }

    private static int valueEnd(String text, int start) {
        if (start >= text.length()) {
            return start;
        }
        char before = text.charAt(start - 1);
        if (!isQuote(before)) {
            int end = start;
            while (end < text.length() && UNQUOTED_END.indexOf(text.charAt(end)) < 0) {
                end++;
            }
            return end;
        }
        boolean escaped = start > 1 && text.charAt(start - 2) == '\\';
        int end = start;
        while (end < text.length() && text.charAt(end) != before) {
            if (text.charAt(end) == '\\' && escaped) {
                return end;
            }
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(end, text.length());
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    private static String schemes(String text) {
        String masked = text;
        for (String scheme : SCHEMES) {
            int at = masked.indexOf(scheme);
            while (at >= 0) {
                int start = at + scheme.length();
                int end = start;
                boolean word = true;
                while (end < masked.length() && isCredential(masked.charAt(end))) {
                    word &= Character.isLowerCase(masked.charAt(end));
                    end++;
                }
                if (!word && end - start >= SHORTEST_CREDENTIAL) {
                    masked = masked.substring(0, start) + MASK + masked.substring(end);
                }
                at = masked.indexOf(scheme, start);
            }
        }
        return masked;
    }

    private static boolean isCredential(char c) {
        return Character.isLetterOrDigit(c) || "-._~+/=".indexOf(c) >= 0;
    }
}
