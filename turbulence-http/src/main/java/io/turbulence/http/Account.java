package io.turbulence.http;

import io.turbulence.api.FailureException;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.SecretWords;
import io.turbulence.spi.ShownText;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Tells exchanges as text that a person can read, with a command that repeats each.
///
/// The host masks the secrets that it knows by their value; fields that carry secrets by their name are
/// masked here.
final class Account {

    private static final int SHOWN = 2000;
    private static final int LONGEST_ARGUMENT = 64 * 1024;

    private Account() {}

    /// Exchanges, and tells of it when somebody listens.
    static Answer exchange(HttpConnection connection, Call call, ActionContext context) {
        if (!context.verbose()) {
            return connection.exchange(call, context);
        }
        tellRequest(call, context);
        try {
            Answer answer = connection.exchange(call, context);
            tellAnswer(answer, context);
            return answer;
        } catch (FailureException e) {
            context.tell("! " + e.getMessage());
            throw e;
        }
    }

    static void tellRequest(Call call, ActionContext context) {
        context.tell("> " + call.method() + " " + call.url());
        for (int i = 0; i < call.fieldCount(); i++) {
            context.tell("> " + call.fieldName(i) + ": " + masked(call.fieldName(i), call.fieldValue(i)));
        }
        if (call.body().length() != 0) {
            context.tell("> ");
            bodyText(call.body()).lines().forEach(line -> context.tell("> " + line));
        }
        context.tell(curl(call));
    }

    private static void tellAnswer(Answer answer, ActionContext context) {
        tellHead(answer.head(), context);
        if (answer.payload() instanceof Payload.Bytes bytes) {
            context.tell("< ");
            shown(bytes.content()).lines().forEach(line -> context.tell("< " + line));
        } else if (answer.bodyBytes() > 0) {
            context.tell("< ");
            context.tell("< (" + answer.bodyBytes() + " bytes, not kept)");
        }
        FailureException failure = answer.failure();
        if (failure != null) {
            context.tell("! " + failure.getMessage());
        }
    }

    static void tellHead(Head head, ActionContext context) {
        context.tell("< HTTP/" + head.version() + " " + (head.status() + " " + head.reason()).strip());
        for (Map.Entry<String, Object> field : head.headers().entrySet()) {
            context.tell("< " + field.getKey() + ": " + masked(field.getKey(), String.valueOf(field.getValue())));
        }
    }

    /// A command that sends the same request.
    static String curl(Call call) {
        StringBuilder command = new StringBuilder("curl");
        if (call.method().equals("HEAD")) {
            command.append(" --head");
        } else if (!call.method().equals("GET") || call.body().length() != 0) {
            command.append(" -X ").append(call.method());
        }
        command.append(' ').append(quoted(call.url().toString()));
        for (int i = 0; i < call.fieldCount(); i++) {
            String value = masked(call.fieldName(i), call.fieldValue(i));
            command.append(" -H ").append(quoted(call.fieldName(i) + ": " + value));
        }
        return switch (call.body()) {
            case RequestBody.Bytes bytes ->
                bytes.length() == 0 ? command.toString() : command + " --data-binary " + data(bytes.content());
            case FileBody file -> command + " --data-binary " + quoted("@" + file.file());
            default -> command + " --data-binary @BODY";
        };
    }

    /// A body that no shell takes as an argument has to come from a file.
    private static String data(byte[] content) {
        return content.length > LONGEST_ARGUMENT || isBinary(content)
                ? "@BODY"
                : quoted(new String(content, StandardCharsets.UTF_8));
    }

    private static boolean isBinary(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        return text.indexOf('\0') >= 0 || text.indexOf('\uFFFD') >= 0;
    }

    private static String bodyText(RequestBody body) {
        return switch (body) {
            case RequestBody.Bytes bytes -> shown(bytes.content());
            case FileBody file -> "(" + file.length() + " bytes of '" + file.file() + "')";
            default -> "(" + body.length() + " bytes of " + body.mediaType() + ")";
        };
    }

    private static String shown(byte[] content) {
        String text = new String(content, 0, Math.min(content.length, SHOWN * 4), StandardCharsets.UTF_8);
        if (text.indexOf('\0') >= 0 || (text.indexOf('\uFFFD') >= 0 && content.length <= SHOWN * 4)) {
            return "(" + content.length + " bytes)";
        }
        return text.length() <= SHOWN ? text : ShownText.shortened(text, SHOWN) + " (" + content.length + " bytes)";
    }

    private static String masked(String name, String value) {
        return SecretWords.areIn(name) ? "***" : value;
    }

    /// For a POSIX shell.
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
