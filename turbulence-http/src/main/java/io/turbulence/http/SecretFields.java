package io.turbulence.http;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Tells by its name whether a field carries a secret, by the words that the host too takes for secret: `X-API-Key`,
/// `X-Auth-Token`, `Client-Secret`.
final class SecretFields {

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])");

    private static final Set<String> WORDS = Set.of(
            "authorization",
            "cookie",
            "cookies",
            "token",
            "tokens",
            "secret",
            "secrets",
            "password",
            "passwords",
            "passwd",
            "passphrase",
            "pwd",
            "apikey",
            "apikeys",
            "apitoken",
            "accesstoken",
            "refreshtoken",
            "idtoken",
            "clientsecret",
            "setcookie",
            "credential",
            "credentials",
            "jwt");
    private static final Set<String> BEFORE_KEY = Set.of("api", "access", "private", "secret", "signing");

    private SecretFields() {}

    static boolean isSecret(String name) {
        String previous = "";
        for (String part : BETWEEN_WORDS.split(name, -1)) {
            String word = part.toLowerCase(Locale.ROOT);
            boolean key = word.equals("key") || word.equals("keys");
            if (WORDS.contains(word) || (key && BEFORE_KEY.contains(previous))) {
                return true;
            }
            previous = word;
        }
        return false;
    }
}
