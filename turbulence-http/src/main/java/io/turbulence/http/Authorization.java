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
            call.field("Authorization", "Bearer " + Tokens.token(oauth2, factory, held, context));
        } else {
            addKnown(call, auth);
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
