package io.turbulence.websocket;

/// Why a WebSocket was closed (RFC 6455 §7.4).
final class CloseCodes {

    static final int NORMAL = 1000;
    static final int PROTOCOL_ERROR = 1002;
    /// A close frame came without a code.
    static final int NONE = 1005;
    /// No close frame came.
    static final int ABNORMAL = 1006;
    static final int NOT_UTF8 = 1007;
    static final int TOO_BIG = 1009;

    private CloseCodes() {}

    /// Whether it may stand in a frame.
    static boolean isSendable(int code) {
        return (code >= 1000 && code <= 1014 && code != 1004 && code != NONE && code != ABNORMAL)
                || (code >= 3000 && code <= 4999);
    }

    /// `1001 (going away)`.
    static String describe(int code) {
        String name = name(code);
        return name.isEmpty() ? String.valueOf(code) : code + " (" + name + ")";
    }

    private static String name(int code) {
        return switch (code) {
            case NORMAL -> "normal closure";
            case 1001 -> "going away";
            case PROTOCOL_ERROR -> "protocol error";
            case 1003 -> "unsupported data";
            case NONE -> "no code given";
            case ABNORMAL -> "no close frame";
            case NOT_UTF8 -> "invalid data";
            case 1008 -> "policy violation";
            case TOO_BIG -> "message too big";
            case 1010 -> "extension missing";
            case 1011 -> "internal error";
            case 1012 -> "service restart";
            case 1013 -> "try again later";
            case 1014 -> "bad gateway";
            default -> "";
        };
    }
}
