package io.turbulence.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// Services of the test's own `.proto` files, which answer without generated code, too.
final class TestProtos {

    /// Open when a caller cancelled an endless stream.
    final CountDownLatch cancelled = new CountDownLatch(1);
    /// How many messages of endless streams were sent.
    final AtomicLong sent = new AtomicLong();
    private final Schema schema;

    TestProtos(String file) {
        GrpcService at = Services.at("127.0.0.1:1");
        this.schema = new Schemas().of(Services.described(at, file(file), null));
    }

    /// Where a test's `.proto` file is.
    static Path file(String name) {
        try {
            return Path.of(TestProtos.class.getResource("/protos/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    /// The service that echoes, counts, sums and fails, by the names of its methods.
    BindableService service(String name) {
        return () -> {
            Descriptors.ServiceDescriptor described = schema.types().service(name);
            ServiceDescriptor.Builder service = ServiceDescriptor.newBuilder(name)
                    .setSchemaDescriptor((ProtoFileDescriptorSupplier) described::getFile);
            Map<Descriptors.MethodDescriptor, MethodDescriptor<byte[], byte[]>> methods =
                    new java.util.LinkedHashMap<>();
            for (Descriptors.MethodDescriptor method : described.getMethods()) {
                MethodDescriptor<byte[], byte[]> made = Method.descriptor(
                        name + "/" + method.getName(),
                        schema.known(name + "/" + method.getName()).kind());
                methods.put(method, made);
                service.addMethod(made);
            }
            ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(service.build());
            methods.forEach((method, made) -> definition.addMethod(made, handler(method)));
            return definition.build();
        };
    }

    private ServerCallHandler<byte[], byte[]> handler(Descriptors.MethodDescriptor method) {
        Descriptors.Descriptor type = method.getOutputType();
        return switch (method.getName()) {
            case "Echo" ->
                ServerCalls.asyncUnaryCall((request, answers) -> {
                    answers.onNext(request);
                    answers.onCompleted();
                });
            case "Fail" -> ServerCalls.asyncUnaryCall((request, answers) -> answers.onError(failure()));
            case "Count" ->
                ServerCalls.asyncServerStreamingCall((request, answers) ->
                        stream(type, value(type, request), (ServerCallStreamObserver<byte[]>) answers));
            case "Forever" ->
                ServerCalls.asyncServerStreamingCall(
                        (request, answers) -> stream(type, Long.MAX_VALUE, (ServerCallStreamObserver<byte[]>) answers));
            case "Sum" -> ServerCalls.asyncClientStreamingCall(answers -> new Summing(type, answers));
            case "Chat" -> ServerCalls.asyncBidiStreamingCall(answers -> new Doubling(type, answers));
            default -> throw new IllegalArgumentException(method.getFullName());
        };
    }

    private static Throwable failure() {
        return StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(Code.INVALID_ARGUMENT_VALUE)
                .setMessage("two things are wrong")
                .addDetails(Any.pack(BadRequest.newBuilder()
                        .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                                .setField("sku")
                                .setDescription("is empty"))
                        .build()))
                .addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(Duration.newBuilder().setSeconds(3))
                        .build()))
                .build());
    }

    /// As fast as the caller takes them.
    private void stream(Descriptors.Descriptor type, long count, ServerCallStreamObserver<byte[]> answers) {
        AtomicLong next = new AtomicLong();
        answers.setOnCancelHandler(cancelled::countDown);
        Runnable more = () -> {
            while (answers.isReady() && next.get() < count) {
                sent.incrementAndGet();
                answers.onNext(number(type, next.getAndIncrement()));
            }
            if (next.get() == count && next.compareAndSet(count, count + 1)) {
                answers.onCompleted();
            }
        };
        answers.setOnReadyHandler(more);
        more.run();
    }

    private static byte[] number(Descriptors.Descriptor type, long value) {
        return DynamicMessage.newBuilder(type)
                .setField(type.findFieldByNumber(1), value)
                .build()
                .toByteArray();
    }

    private static long value(Descriptors.Descriptor type, byte[] message) {
        try {
            return (Long) DynamicMessage.parseFrom(type, message, ExtensionRegistry.getEmptyRegistry())
                    .getField(type.findFieldByNumber(1));
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static final class Summing implements StreamObserver<byte[]> {

        private final Descriptors.Descriptor type;
        private final StreamObserver<byte[]> answers;
        private long sum;

        Summing(Descriptors.Descriptor type, StreamObserver<byte[]> answers) {
            this.type = type;
            this.answers = answers;
        }

        @Override
        public void onNext(byte[] message) {
            sum += value(type, message);
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {
            answers.onNext(number(type, sum));
            answers.onCompleted();
        }
    }

    private record Doubling(Descriptors.Descriptor type, StreamObserver<byte[]> answers)
            implements StreamObserver<byte[]> {

        @Override
        public void onNext(byte[] message) {
            answers.onNext(message);
            answers.onNext(message);
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {
            answers.onCompleted();
        }
    }
}
