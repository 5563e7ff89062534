package io.turbulence.grpc;

/// Thrown when a server does not tell which methods it has.
final class NoReflectionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoReflectionException(String message) {
        super(message);
    }
}
