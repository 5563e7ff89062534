package io.turbulence.core.internal.definition.secret;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Hides secrets in a line of a file that is shown with a mistake in it. Everything else stays in its column.
public final class SecretsInLine {

    private static final Pattern PASSWORD_OF_URL = Pattern.compile("(?<=://)([^/\\s\"'@:{}]*:)([^/\\s\"'@{}]+)(?=@)");

    /// A key with a plain value: no template, no JSONPath, no mapping or list.
    private static final Pattern ENTRY =
            Pattern.compile("([\\w.-]+[\"']?\\s*[:=]\\s*[\"']?)([^\\s\"',{}\\[\\]$*&|>][^\"',{}]*)");

    private SecretsInLine() {}

    public static String hidden(String line) {
        String withoutPasswords = PASSWORD_OF_URL.matcher(line).replaceAll(SecretsInLine::valueHidden);
        return ENTRY.matcher(withoutPasswords)
                .replaceAll(entry -> SecretNames.isSecretPath(entry.group(1))
                        ? valueHidden(entry)
                        : Matcher.quoteReplacement(entry.group()));
    }

    private static String valueHidden(MatchResult entry) {
        String value = entry.group(2);
        return Matcher.quoteReplacement(entry.group(1) + "*".repeat(value.codePointCount(0, value.length())));
    }
}
