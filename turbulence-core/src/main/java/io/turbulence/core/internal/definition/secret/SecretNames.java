package io.turbulence.core.internal.definition.secret;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Tells by a name whether what stands under it is a secret. Thread-safe.
///
/// A name is taken apart at everything that is no letter or digit and where a small letter meets a
/// capital: `X-Api-Key`, `api_key` and `apiKey` are the words *api* and *key*. It is secret when one
/// of its words is, so `access_token` and `db.password` are and `tokenizer` is not.
public final class SecretNames {

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

    /// Remembered names: few in a run, yet bounded, since payloads may have random keys.
    private static final int REMEMBERED = 4096;

    private final ConcurrentMap<String, Boolean> known = new ConcurrentHashMap<>();

    /// Whether one of the names of a path is secret: `$.user.token`, `headers.x-token`, `payload['token']`. It
    /// remembers nothing: for what is judged once, or seldom.
    public static boolean isSecretPath(String path) {
        return judge(path);
    }

    public boolean isSecret(String name) {
        Boolean remembered = known.get(name);
        if (remembered != null) {
            return remembered;
        }
        boolean secret = judge(name);
        if (known.size() < REMEMBERED) {
            known.put(name, secret);
        }
        return secret;
    }

    private static boolean judge(String name) {
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
