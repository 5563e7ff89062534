package io.turbulence.spi;

import java.util.Locale;
import java.util.Set;

/// The words by which a name is taken for that of a secret, for the host and for plugins alike: what stands under such
/// a
/// name is masked, and goes to nobody else. Stateless.
///
/// A name is taken apart at everything that is no letter or digit and where a small letter meets a
/// capital: `X-Api-Key`, `api_key` and `apiKey` are the words *api* and *key*. It is secret when one
/// of its words is, so `access_token` and `db.password` are and `tokenizer` is not.
public final class SecretWords {

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
    private static final Set<String> KEY = Set.of("key", "keys");
    private static final Set<String> BEFORE_KEY = Set.of("api", "access", "private", "secret", "signing");

    private SecretWords() {}

    /// Whether a name, a header's or a key's, has one of them. It remembers nothing.
    public static boolean areIn(String name) {
        String previous = "";
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            boolean end = i == name.length() || !Character.isLetterOrDigit(name.charAt(i));
            boolean capital = !end
                    && i > start
                    && Character.isUpperCase(name.charAt(i))
                    && Character.isLowerCase(name.charAt(i - 1));
            if (!end && !capital) {
                continue;
            }
            String word = name.substring(start, i).toLowerCase(Locale.ROOT);
            if (WORDS.contains(word) || (KEY.contains(word) && BEFORE_KEY.contains(previous))) {
                return true;
            }
            if (!word.isEmpty()) {
                previous = word;
            }
            start = end ? i + 1 : i;
        }
        return false;
    }
}
