package io.turbulence.http;

import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import org.jspecify.annotations.Nullable;

/// Credentials of a request.
@OneOf(
        value = {"basic", "bearer", "oauth2"},
        required = true)
record Auth(
        @Setting("A user name and a password.") @Nullable Basic basic,

        @Setting(value = "A token.", secret = true, example = "\"{{run.token}}\"") @Nullable
        String bearer,

        @Setting("A token that is fetched once for the run by client credentials (RFC 6749 §4.4), and renewed before it"
                + " ends or when the peer answers 401 to it.")
        @Nullable
        OAuth2 oauth2) {

    /// A user name and a password.
    record Basic(
            @Setting(value = "The user name.", aliases = "user")
            String username,

            @Setting(value = "The password.", secret = true) String password) {}

    /// Where and how a token is fetched.
    record OAuth2(
            @Setting(
                    value = "Where tokens are given out; a path is one of the service.",
                    example = "https://id.example.com/oauth/token")
            String tokenUrl,

            @Setting("Who we are.") String clientId,

            @Setting(value = "The secret that proves it.", secret = true)
            String clientSecret,

            @Setting(value = "What the token is for.", example = "orders:read orders:write") @Nullable
            String scope,

            @Setting("Whom the token is for, where the server asks for it.") @Nullable
            String audience) {}
}
