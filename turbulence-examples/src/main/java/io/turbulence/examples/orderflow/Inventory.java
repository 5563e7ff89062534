package io.turbulence.examples.orderflow;

import com.google.protobuf.DynamicMessage;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ServerCalls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Keeps what is reserved for orders: `Inventory --port 50051`. It tells its methods by server reflection.
public final class Inventory {

    private final Map<String, DynamicMessage> reservations = new ConcurrentHashMap<>();

    private Inventory() {}

    public static void main(String[] arguments) throws Exception {
        Inventory inventory = new Inventory();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Options.of(arguments).number("port")))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .addService(inventory.service())
                .addService(ProtoReflectionServiceV1.newInstance())
                .build()
                .start();
        server.awaitTermination();
    }

    private ServerServiceDefinition service() {
        ServiceDescriptor descriptor = ServiceDescriptor.newBuilder(InventoryApi.SERVICE)
                .setSchemaDescriptor((ProtoFileDescriptorSupplier) () -> InventoryApi.FILE)
                .addMethod(InventoryApi.RESERVE)
                .addMethod(InventoryApi.GET)
                .addMethod(InventoryApi.RELEASE)
                .build();
        return ServerServiceDefinition.builder(descriptor)
                .addMethod(InventoryApi.RESERVE, ServerCalls.asyncUnaryCall(answer(this::reserve)))
                .addMethod(InventoryApi.GET, ServerCalls.asyncUnaryCall(answer(this::get)))
                .addMethod(InventoryApi.RELEASE, ServerCalls.asyncUnaryCall(answer(this::release)))
                .build();
    }

    private static ServerCalls.UnaryMethod<DynamicMessage, DynamicMessage> answer(
            UnaryOperator<DynamicMessage> method) {
        return (request, observer) -> {
            try {
                observer.onNext(method.apply(request));
                observer.onCompleted();
            } catch (StatusRuntimeException e) {
                observer.onError(e);
            }
        };
    }

    private DynamicMessage reserve(DynamicMessage request) {
        DynamicMessage.Builder reservation = DynamicMessage.newBuilder(InventoryApi.RESERVATION);
        request.getAllFields()
                .forEach((field, value) ->
                        reservation.setField(InventoryApi.RESERVATION.findFieldByName(field.getName()), value));
        DynamicMessage reserved = in("RESERVED", reservation);
        reservations.put(InventoryApi.text(request, "order_id"), reserved);
        return reserved;
    }

    private DynamicMessage get(DynamicMessage request) {
        return found(reservations.get(InventoryApi.text(request, "order_id")), request);
    }

    private DynamicMessage release(DynamicMessage request) {
        return in("RELEASED", found(reservations.remove(InventoryApi.text(request, "order_id")), request).toBuilder());
    }

    private static DynamicMessage in(String state, DynamicMessage.Builder reservation) {
        return reservation
                .setField(InventoryApi.RESERVATION.findFieldByName("state"), state)
                .build();
    }

    private static DynamicMessage found(@Nullable DynamicMessage reservation, DynamicMessage request) {
        if (reservation == null) {
            throw Status.NOT_FOUND
                    .withDescription("nothing is reserved for order '" + InventoryApi.text(request, "order_id") + "'")
                    .asRuntimeException();
        }
        return reservation;
    }
}
