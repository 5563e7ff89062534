package io.turbulence.aws;

import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/// Is told what happens on the wire, on the thread that asked for it.
///
/// The HTTP client finds it by a scoped value, since the SDK hands nothing of the caller's through.
interface Wire {

    ScopedValue<Wire> CURRENT = ScopedValue.newInstance();

    /// An attempt begins.
    ///
    /// @param abortable ends it from any thread
    void sending(HttpExecuteRequest request, Abortable abortable);

    /// Its answer has begun to come.
    void answered(SdkHttpResponse response);
}
