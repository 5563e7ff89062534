package io.turbulence.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A talk with a server's reflection service: v1, or v1alpha where there is no v1. Both have the same
/// messages. Used by one thread.
final class Reflector implements AutoCloseable {

    private static final int NOT_FOUND = 5;

    private final GrpcChannel channel;
    private final Deadline deadline;
    private final List<String> versions = new ArrayList<>();
    private @Nullable OpenCall call;

    Reflector(GrpcChannel channel, GrpcService.Reflection reflection, Deadline deadline) {
        this.channel = channel;
        this.deadline = deadline;
        if (reflection != GrpcService.Reflection.V1ALPHA) {
            versions.add("v1");
        }
        if (reflection != GrpcService.Reflection.V1) {
            versions.add("v1alpha");
        }
    }

    /// The names of the services that the server offers.
    List<String> services() throws InterruptedException {
        ServerReflectionResponse response =
                ask(ServerReflectionRequest.newBuilder().setListServices("*").build());
        return response.getListServicesResponse().getServiceList().stream()
                .map(ServiceResponse::getName)
                .sorted()
                .toList();
    }

    /// The file in which a service or type is, with those that the server sends along; null when it knows
    /// none.
    @Nullable
    List<FileDescriptorProto> fileContaining(String symbol) throws InterruptedException {
        return files(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(symbol)
                .build());
    }

    @Nullable
    List<FileDescriptorProto> file(String name) throws InterruptedException {
        return files(
                ServerReflectionRequest.newBuilder().setFileByFilename(name).build());
    }

    private @Nullable List<FileDescriptorProto> files(ServerReflectionRequest request) throws InterruptedException {
        ServerReflectionResponse response = ask(request);
        if (response.hasErrorResponse() && response.getErrorResponse().getErrorCode() == NOT_FOUND) {
            return null;
        }
        if (!response.hasFileDescriptorResponse()) {
            throw failure(
                    "answered with an error: " + response.getErrorResponse().getErrorMessage(), null);
        }
        List<FileDescriptorProto> files = new ArrayList<>();
        for (ByteString bytes : response.getFileDescriptorResponse().getFileDescriptorProtoList()) {
            try {
                files.add(FileDescriptorProto.parseFrom(bytes));
            } catch (InvalidProtocolBufferException e) {
                throw failure("answered with bytes that are no file descriptor", e);
            }
        }
        return files;
    }

    private ServerReflectionResponse ask(ServerReflectionRequest request) throws InterruptedException {
        while (true) {
            OpenCall current = call;
            if (current == null) {
                current = channel.start(Method.descriptor(
                        "grpc.reflection." + versions.getFirst() + ".ServerReflection/ServerReflectionInfo",
                        MethodType.BIDI_STREAMING));
                call = current;
            }
            try {
                current.send(request.toByteArray());
                byte[] answer = current.next(deadline);
                if (answer != null) {
                    return ServerReflectionResponse.parseFrom(answer);
                }
            } catch (TimeoutException e) {
                throw new FailureException(
                        Failure.TIMEOUT,
                        "'" + channel.endpoint().authority()
                                + "' did not describe its methods by reflection within the " + deadline.limit(),
                        e);
            } catch (InvalidProtocolBufferException e) {
                throw failure("answered with bytes that are no answer of it", e);
            }
            tryNextVersion(current);
        }
    }

    private void tryNextVersion(OpenCall ended) {
        Status status = ended.status() == null ? Status.UNKNOWN : ended.status();
        if (!ended.isAnswered()) {
            Outcome.Failed failed =
                    Unanswered.outcome(status, channel.endpoint().authority());
            throw new FailureException(failed.failure(), failed.message(), failed.cause());
        }
        if (status.getCode() != Status.Code.UNIMPLEMENTED) {
            throw failure("ended with " + status.getCode() + ": " + status.getDescription(), null);
        }
        versions.removeFirst();
        call = null;
        if (versions.isEmpty()) {
            throw new NoReflectionException("'" + channel.endpoint().authority()
                    + "' does not describe its methods: it offers no server reflection. Give the service 'proto' or"
                    + " 'descriptor_set'");
        }
    }

    private FailureException failure(String what, @Nullable Throwable cause) {
        return new FailureException(
                Failure.PROTOCOL,
                "the server reflection of '" + channel.endpoint().authority() + "' " + what,
                cause);
    }

    @Override
    public void close() {
        OpenCall current = call;
        if (current != null) {
            current.halfClose();
            current.cancel("done");
        }
    }
}
