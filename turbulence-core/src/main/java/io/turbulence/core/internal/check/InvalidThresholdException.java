package io.turbulence.core.internal.check;

/// A threshold that cannot be read. The message says what and where, without the file.
public final class InvalidThresholdException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final int position;

    InvalidThresholdException(String message, int position) {
        super(message);
        this.position = position;
    }

    /// Where in the text, in characters from 0.
    public int position() {
        return position;
    }
}
