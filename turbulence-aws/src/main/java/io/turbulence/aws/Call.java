package io.turbulence.aws;

import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Phase;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/// What one step's exchange does on the wire: how often it was tried, and what ends it from outside.
///
/// The HTTP client meets it through a scoped value, since the SDK hands nothing of the caller's through.
final class Call {

    static final ScopedValue<Call> CURRENT = ScopedValue.newInstance();

    private final ActionContext context;
    private final Object lock = new Object();

    // Guarded by lock
    private @Nullable Abortable running;
    private boolean cancelled;

    // Of the instance's thread
    private int attempts;

    Call(ActionContext context) {
        this.context = context;
        context.onCancel(this::cancel);
    }

    /// For every request of this exchange: it ends when the step's time is up.
    AwsRequestOverrideConfiguration limits() {
        return AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(java.time.Duration.ofMillis(context.deadline().timeoutMillis()))
                .build();
    }

    ActionContext context() {
        return context;
    }

    int attempts() {
        return attempts;
    }

    boolean isCancelled() {
        synchronized (lock) {
            return cancelled;
        }
    }

    /// Something has begun that is to be aborted when the instance is cancelled.
    void begin(Abortable request) {
        boolean late;
        synchronized (lock) {
            running = request;
            late = cancelled;
        }
        if (late) {
            request.abort();
        }
    }

    void sending(HttpExecuteRequest request, Abortable abortable) {
        attempts++;
        begin(abortable);
        if (context.verbose()) {
            context.tell("> " + request.httpRequest().method() + " "
                    + request.httpRequest().encodedPath());
        }
    }

    void answered(SdkHttpResponse response) {
        context.mark(Phase.FIRST_BYTE);
        if (context.verbose()) {
            context.tell("< " + response.statusCode()
                    + response.statusText().map(text -> " " + text).orElse(""));
        }
    }

    private void cancel() {
        Abortable request;
        synchronized (lock) {
            cancelled = true;
            request = running;
        }
        if (request != null) {
            request.abort();
        }
    }
}
