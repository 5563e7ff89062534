package io.turbulence.grpc;

/// A method as people write it: `shop.Orders/Create`, also with a slash before it or a dot before the method.
///
/// @param text as it was written
record MethodName(String service, String method, String text) {

    /// @throws UnknownMethodException when it is no such name
    static MethodName of(String text) {
        String name = text.startsWith("/") ? text.substring(1) : text;
        int slash = name.indexOf('/');
        int at = slash < 0 ? name.lastIndexOf('.') : slash;
        if (at <= 0 || at == name.length() - 1 || name.indexOf('/', at + 1) >= 0) {
            throw new UnknownMethodException("'" + text + "'", "a method such as 'shop.Orders/Create'", "");
        }
        return new MethodName(name.substring(0, at), name.substring(at + 1), text);
    }
}
