package io.turbulence.http;

import io.turbulence.api.Headers;
import java.io.IOException;
import java.io.InputStream;

/// The body of an answer, taken out of its framing, while it arrives.
abstract class AnswerBody extends InputStream {

    /// How long it says it is; -1 where it does not say.
    abstract long announced();

    /// The fields behind it; empty until its end was read.
    abstract Headers trailers();

    /// How much has arrived, for a message.
    abstract String progress();

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] into, int offset, int most) throws IOException;

    /// Reads what is left and drops it.
    final void skipToEnd() throws IOException {
        byte[] piece = new byte[4096];
        int count = 0;
        while (count >= 0) {
            count = read(piece, 0, piece.length);
        }
    }
}
