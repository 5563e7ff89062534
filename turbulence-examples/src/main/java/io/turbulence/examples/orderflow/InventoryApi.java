package io.turbulence.examples.orderflow;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import java.util.List;

/// What `inventory.proto` says, without generated code:
/// ```proto
/// package shop.inventory.v1;
/// service Inventory {
///   rpc Reserve(ReserveRequest) returns (Reservation);
///   rpc GetReservation(OrderId) returns (Reservation);
///   rpc Release(OrderId) returns (Reservation);
/// }
/// message OrderId { string order_id = 1; }
/// message ReserveRequest { string order_id = 1; string sku = 2; int32 quantity = 3; }
/// message Reservation { string order_id = 1; string sku = 2; int32 quantity = 3; string state = 4; }
/// ```
final class InventoryApi {

    static final String SERVICE = "shop.inventory.v1.Inventory";
    static final FileDescriptor FILE = file();
    static final Descriptor ORDER_ID = FILE.findMessageTypeByName("OrderId");
    static final Descriptor RESERVE_REQUEST = FILE.findMessageTypeByName("ReserveRequest");
    static final Descriptor RESERVATION = FILE.findMessageTypeByName("Reservation");
    static final MethodDescriptor<DynamicMessage, DynamicMessage> RESERVE = method("Reserve", RESERVE_REQUEST);
    static final MethodDescriptor<DynamicMessage, DynamicMessage> GET = method("GetReservation", ORDER_ID);
    static final MethodDescriptor<DynamicMessage, DynamicMessage> RELEASE = method("Release", ORDER_ID);

    private InventoryApi() {}

    static String text(DynamicMessage message, String field) {
        return (String) message.getField(message.getDescriptorForType().findFieldByName(field));
    }

    static DynamicMessage orderId(String id) {
        return DynamicMessage.newBuilder(ORDER_ID)
                .setField(ORDER_ID.findFieldByName("order_id"), id)
                .build();
    }

    static DynamicMessage reserveRequest(String id, String sku, int quantity) {
        return DynamicMessage.newBuilder(RESERVE_REQUEST)
                .setField(RESERVE_REQUEST.findFieldByName("order_id"), id)
                .setField(RESERVE_REQUEST.findFieldByName("sku"), sku)
                .setField(RESERVE_REQUEST.findFieldByName("quantity"), quantity)
                .build();
    }

    private static MethodDescriptor<DynamicMessage, DynamicMessage> method(String name, Descriptor request) {
        return MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(request)))
                .setResponseMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(RESERVATION)))
                .setSchemaDescriptor((ProtoFileDescriptorSupplier) () -> FILE)
                .build();
    }

    private static FileDescriptor file() {
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("inventory.proto")
                .setPackage("shop.inventory.v1")
                .setSyntax("proto3")
                .addMessageType(message("OrderId", text("order_id", 1)))
                .addMessageType(message("ReserveRequest", text("order_id", 1), text("sku", 2), number("quantity", 3)))
                .addMessageType(message(
                        "Reservation", text("order_id", 1), text("sku", 2), number("quantity", 3), text("state", 4)))
                .addService(ServiceDescriptorProto.newBuilder()
                        .setName("Inventory")
                        .addMethod(method("Reserve", "ReserveRequest"))
                        .addMethod(method("GetReservation", "OrderId"))
                        .addMethod(method("Release", "OrderId")))
                .build();
        try {
            return FileDescriptor.buildFrom(file, new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodDescriptorProto method(String name, String request) {
        return MethodDescriptorProto.newBuilder()
                .setName(name)
                .setInputType(".shop.inventory.v1." + request)
                .setOutputType(".shop.inventory.v1.Reservation")
                .build();
    }

    private static DescriptorProto message(String name, FieldDescriptorProto... fields) {
        return DescriptorProto.newBuilder()
                .setName(name)
                .addAllField(List.of(fields))
                .build();
    }

    private static FieldDescriptorProto text(String name, int number) {
        return field(name, number, FieldDescriptorProto.Type.TYPE_STRING);
    }

    private static FieldDescriptorProto number(String name, int number) {
        return field(name, number, FieldDescriptorProto.Type.TYPE_INT32);
    }

    private static FieldDescriptorProto field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(Label.LABEL_OPTIONAL)
                .build();
    }
}
