package io.turbulence.http;

import io.turbulence.spi.ActionContext;

/// A connection to one place, whatever version it speaks.
interface HttpConnection {

    Site site();

    /// How many may hold it at once.
    int capacity();

    /// Sends a request and reads its answer whole.
    ///
    /// @throws io.turbulence.api.FailureException when there is no answer
    Answer exchange(Call call, ActionContext context);

    /// Sends a request and reads the head of its answer; the body is read as it comes, and the connection
    /// is held until it is closed.
    ///
    /// @throws io.turbulence.api.FailureException when there is no answer
    AnswerStream stream(Call call, ActionContext context);

    boolean isAlive();

    /// Makes it ready for its next holder.
    void reset() throws ConnectionSpent;

    void close();
}
