package io.turbulence.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.turbulence.api.Deadline;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Asks a server's standard health service, where there is one. Thread-safe.
final class Health {

    private static final io.grpc.MethodDescriptor<byte[], byte[]> CHECK =
            Method.descriptor("grpc.health.v1.Health/Check", MethodType.UNARY);
    private static final String OFF = "off";

    private final byte[] question;
    private volatile boolean asks;

    /// @param name the name to ask for; null for the server as a whole
    Health(@Nullable String name) {
        this.asks = !OFF.equals(name);
        this.question = HealthCheckRequest.newBuilder()
                .setService(name == null ? "" : name)
                .build()
                .toByteArray();
    }

    boolean serves(GrpcChannel channel, Deadline deadline) throws InterruptedException {
        if (!asks) {
            return true;
        }
        OpenCall call = channel.start(CHECK);
        try {
            call.send(question);
            call.halfClose();
            byte[] answer = call.next(deadline);
            call.awaitEnd(deadline);
            return isGood(answer, call.status());
        } catch (TimeoutException e) {
            return false;
        } finally {
            call.cancel("done");
        }
    }

    private boolean isGood(byte @Nullable [] answer, @Nullable Status status) {
        if (status != null && status.getCode() == Status.Code.UNIMPLEMENTED) {
            asks = false;
            return true;
        }
        try {
            return answer != null
                    && status != null
                    && status.isOk()
                    && HealthCheckResponse.parseFrom(answer).getStatus() == HealthCheckResponse.ServingStatus.SERVING;
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }
}
