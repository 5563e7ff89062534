package io.turbulence.aws;

import java.io.IOException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/// The SDK's HTTP client, which tells who asked of every attempt. Thread-safe.
final class WatchedHttpClient implements SdkHttpClient {

    private final SdkHttpClient client;

    WatchedHttpClient(SdkHttpClient client) {
        this.client = client;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = client.prepareRequest(request);
        return Wire.CURRENT.isBound() ? new Watched(prepared, request, Wire.CURRENT.get()) : prepared;
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }

    private record Watched(ExecutableHttpRequest request, HttpExecuteRequest content, Wire step)
            implements ExecutableHttpRequest {

        @Override
        public HttpExecuteResponse call() throws IOException {
            step.sending(content, request);
            HttpExecuteResponse response = request.call();
            step.answered(response.httpResponse());
            return response;
        }

        @Override
        public void abort() {
            request.abort();
        }
    }
}
