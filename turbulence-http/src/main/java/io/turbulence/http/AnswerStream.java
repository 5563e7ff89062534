package io.turbulence.http;

import io.turbulence.api.Deadline;
import java.io.IOException;
import java.io.InputStream;

/// An answer of which the head arrived and the body is read as it comes. Read by one thread; closed by any.
interface AnswerStream extends AutoCloseable {

    Head head();

    /// Bytes of the body, whatever has come.
    ///
    /// @return -1 at the end
    /// @throws SocketTimeoutException when none came in time; it can still be read
    /// @throws io.turbulence.api.FailureException when it broke
    int read(byte[] into, int offset, int most, Deadline deadline) throws IOException;

    /// The body, for reading it whole within the exchange's deadline.
    InputStream body();

    /// Ends it, for the peer too when it has not ended it.
    @Override
    void close();
}
