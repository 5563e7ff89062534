package io.turbulence.http;

import io.turbulence.spi.ActionContext;
import org.jspecify.annotations.Nullable;

/// Puts credentials into requests.
final class Authorization {

    private Authorization() {}

    /// Adds them where the user gave no `Authorization`; fetches a token where they ask for one.
    ///
    /// @param held the connection that the step holds
    static void add(Call call, @Nullable Auth auth, HttpConnections factory, HttpConnection held, ActionContext context)
            throws Exception {
        if (auth == null || call.authorized()) {
            return;
        }
        Auth.OAuth2 oauth2 = auth.oauth2();
        if (oauth2 != null) {
            call.token(Tokens.of(oauth2, context).current(oauth2, factory, held, context));
        } else {
            addKnown(call, auth);
        }
    }

    /// Told that a request was answered with 401.
    ///
    /// @return whether it went with a token that was fetched, and another is worth a try
    static boolean isRenewed(Call refused, @Nullable Auth auth, ActionContext context) {
        String token = refused.token();
        Auth.OAuth2 oauth2 = auth == null ? null : auth.oauth2();
        return token != null && oauth2 != null && Tokens.of(oauth2, context).drop(token);
    }

    /// Told that the request which was sent again with a new token was answered with 401 too.
    static void refusedAgain(Call refused, @Nullable Auth auth, ActionContext context) {
        String token = refused.token();
        Auth.OAuth2 oauth2 = auth == null ? null : auth.oauth2();
        if (token != null && oauth2 != null) {
            Tokens.of(oauth2, context).refused(token);
        }
    }

    /// Adds them where the user gave no `Authorization` and nothing need be asked for.
    static void addKnown(Call call, @Nullable Auth auth) {
        if (auth == null || call.authorized()) {
            return;
        }
        Auth.Basic basic = auth.basic();
        String bearer = auth.bearer();
        if (basic != null) {
            call.field("Authorization", Site.basic(basic.username(), basic.password()));
        } else if (bearer != null) {
            call.field("Authorization", "Bearer " + Calls.checkedValue("Authorization", bearer));
        }
    }
}
