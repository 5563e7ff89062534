package io.turbulence.aws;

import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Phase;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/// What one step's exchange does on the wire: how often it was tried, and what ends it from outside.
final class Call implements Wire {

    private static final Pattern ATTEMPT = Pattern.compile("attempt=(\\d{1,9})");

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
                .apiCallTimeout(Duration.ofMillis(context.deadline().timeoutMillis()))
                .build();
    }

    ActionContext context() {
        return context;
    }

    /// How often that request was sent which was sent most often.
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

    @Override
    public void sending(HttpExecuteRequest request, Abortable abortable) {
        attempts = Math.max(attempts, attempt(request));
        begin(abortable);
        if (context.verbose()) {
            context.tell("> " + request.httpRequest().method() + " "
                    + request.httpRequest().encodedPath());
        }
    }

    @Override
    public void answered(SdkHttpResponse response) {
        context.mark(Phase.FIRST_BYTE);
        if (context.verbose()) {
            context.tell("< " + response.statusCode()
                    + response.statusText().map(text -> " " + text).orElse(""));
        }
    }

    /// The SDK writes it into its own header: `attempt=2; max=3`.
    private static int attempt(HttpExecuteRequest request) {
        Matcher matcher = request.httpRequest()
                .firstMatchingHeader("amz-sdk-request")
                .map(ATTEMPT::matcher)
                .orElse(null);
        return matcher != null && matcher.find() ? Integer.parseInt(matcher.group(1)) : 1;
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
