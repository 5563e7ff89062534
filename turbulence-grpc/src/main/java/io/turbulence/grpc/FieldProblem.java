package io.turbulence.grpc;

/// Takes what is wrong with a message that is to be sent.
interface FieldProblem {

    /// @param path     the place in the message: `items[0].sku`; empty for the message itself
    /// @param found    what stands there
    /// @param expected what would be right
    /// @param hint     one next step; empty for none
    void tell(String path, String found, String expected, String hint);

    /// As [#tell], where the field should not be there at all.
    default void tellOfField(String path, String found, String expected, String hint) {
        tell(path, found, expected, hint);
    }
}
