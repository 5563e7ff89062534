package io.turbulence.http;

/// A GraphQL document that cannot be read.
final class GraphqlSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    /// @param place where in the document
    GraphqlSyntaxException(String place, String found, String expected) {
        super(place + ": " + found + " but " + expected + " was expected");
    }
}
