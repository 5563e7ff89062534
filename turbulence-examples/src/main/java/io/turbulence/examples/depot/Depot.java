package io.turbulence.examples.depot;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// Takes orders, follows parcels, counts stock and talks: `--port` says where.
public final class Depot {

    private final FileDescriptor file = DepotProto.file();
    private final Descriptor order = file.findMessageTypeByName("Order");
    private final Descriptor parcel = file.findMessageTypeByName("Parcel");

    private Depot() {}

    /// Runs until it is ended.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int port = arguments.length == 2 && arguments[0].equals("--port") ? Integer.parseInt(arguments[1]) : 0;
        Server server = new Depot().start(port);
        server.awaitTermination();
    }

    private Server start(int port) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .addService(service())
                .addService(new HealthStatusManager().getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance())
                .build()
                .start();
    }

    private ServerServiceDefinition service() {
        String name = "depot.Depot";
        var take = method("Take", MethodType.UNARY);
        var follow = method("Follow", MethodType.SERVER_STREAMING);
        var stock = method("Stock", MethodType.CLIENT_STREAMING);
        var talk = method("Talk", MethodType.BIDI_STREAMING);
        ServiceDescriptor described = ServiceDescriptor.newBuilder(name)
                .setSchemaDescriptor((ProtoFileDescriptorSupplier) () -> file)
                .addMethod(take)
                .addMethod(follow)
                .addMethod(stock)
                .addMethod(talk)
                .build();
        return ServerServiceDefinition.builder(described)
                .addMethod(take, ServerCalls.asyncUnaryCall(this::take))
                .addMethod(follow, ServerCalls.asyncServerStreamingCall(this::follow))
                .addMethod(stock, stock())
                .addMethod(talk, talk())
                .build();
    }

    private io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> method(String name, MethodType kind) {
        MethodDescriptor method = file.findServiceByName("Depot").findMethodByName(name);
        return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(kind)
                .setFullMethodName("depot.Depot/" + name)
                .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
                .setResponseMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
                .build();
    }

    private void take(DynamicMessage asked, StreamObserver<DynamicMessage> answers) {
        if (count(asked) <= 0) {
            answers.onError(Status.INVALID_ARGUMENT
                    .withDescription("count was " + count(asked) + " but it must be positive")
                    .asRuntimeException());
            return;
        }
        answers.onNext(parcel(UUID.randomUUID().toString(), "TAKEN", count(asked)));
        answers.onCompleted();
    }

    private void follow(DynamicMessage asked, StreamObserver<DynamicMessage> answers) {
        String id = (String) asked.getField(parcel.findFieldByName("id"));
        for (String state : new String[] {"TAKEN", "PACKED", "SENT"}) {
            answers.onNext(parcel(id, state, 0));
        }
        answers.onCompleted();
    }

    private ServerCallHandler<DynamicMessage, DynamicMessage> stock() {
        return ServerCalls.asyncClientStreamingCall(answers -> {
            long[] sum = new long[1];
            return observer(asked -> sum[0] += count(asked), () -> {
                answers.onNext(parcel("stock", "UNKNOWN", sum[0]));
                answers.onCompleted();
            });
        });
    }

    private ServerCallHandler<DynamicMessage, DynamicMessage> talk() {
        return ServerCalls.asyncBidiStreamingCall(answers -> observer(
                asked -> answers.onNext(
                        parcel((String) asked.getField(order.findFieldByName("sku")), "TAKEN", count(asked))),
                answers::onCompleted));
    }

    private static StreamObserver<DynamicMessage> observer(Consumer<DynamicMessage> each, Runnable end) {
        return new StreamObserver<>() {
            @Override
            public void onNext(DynamicMessage message) {
                each.accept(message);
            }

            @Override
            public void onError(Throwable error) {
                // The caller is gone
            }

            @Override
            public void onCompleted() {
                end.run();
            }
        };
    }

    private int count(DynamicMessage asked) {
        return (Integer) asked.getField(order.findFieldByName("count"));
    }

    private DynamicMessage parcel(String id, String state, long count) {
        return DynamicMessage.newBuilder(parcel)
                .setField(parcel.findFieldByName("id"), id)
                .setField(
                        parcel.findFieldByName("state"),
                        file.findEnumTypeByName("State").findValueByName(state))
                .setField(parcel.findFieldByName("count"), count)
                .build();
    }
}
