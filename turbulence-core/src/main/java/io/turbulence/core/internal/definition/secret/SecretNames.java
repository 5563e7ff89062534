package io.turbulence.core.internal.definition.secret;

import io.turbulence.spi.SecretWords;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Tells by a name whether what stands under it is a secret, by [SecretWords], and remembers it. Thread-safe.
public final class SecretNames {

    /// Remembered names: few in a run, yet bounded, since payloads may have random keys.
    private static final int REMEMBERED = 4096;

    private final ConcurrentMap<String, Boolean> known = new ConcurrentHashMap<>();

    /// Whether one of the names of a path is secret: `$.user.token`, `headers.x-token`, `payload['token']`. It
    /// remembers nothing: for what is judged once, or seldom.
    public static boolean isSecretPath(String path) {
        return SecretWords.areIn(path);
    }

    public boolean isSecret(String name) {
        Boolean remembered = known.get(name);
        if (remembered != null) {
            return remembered;
        }
        boolean secret = SecretWords.areIn(name);
        if (known.size() < REMEMBERED) {
            known.put(name, secret);
        }
        return secret;
    }
}
