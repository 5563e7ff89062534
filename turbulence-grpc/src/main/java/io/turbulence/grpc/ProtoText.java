package io.turbulence.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/// Writes services and messages as in a `.proto` file.
final class ProtoText {

    private ProtoText() {}

    /// `rpc shop.Orders/Create (shop.Order) returns (stream shop.Receipt)`.
    static String signature(Method method) {
        return "rpc " + method.fullName() + " (" + (method.clientStreams() ? "stream " : "")
                + method.input().getFullName() + ") returns (" + (method.serverStreams() ? "stream " : "")
                + method.output().getFullName() + ")";
    }

    static String of(Schema schema, ServiceDescriptor service) {
        StringBuilder text = new StringBuilder("service " + service.getFullName() + " {\n");
        for (Method method : schema.methods(service.getFullName())) {
            String name = method.fullName().substring(method.fullName().indexOf('/') + 1);
            text.append("  ")
                    .append(signature(method).replace(method.fullName(), name))
                    .append(";\n");
        }
        return text.append('}').toString();
    }

    /// The message, and the enums that its fields have.
    static String of(Descriptor type) {
        StringBuilder text = new StringBuilder("message " + type.getFullName() + " {\n");
        Set<OneofDescriptor> written = new LinkedHashSet<>();
        Set<EnumDescriptor> enums = new LinkedHashSet<>();
        for (FieldDescriptor field : type.getFields()) {
            OneofDescriptor oneof = field.getRealContainingOneof();
            if (oneof == null) {
                text.append("  ").append(of(field)).append('\n');
            } else if (written.add(oneof)) {
                text.append("  oneof ").append(oneof.getName()).append(" {\n");
                oneof.getFields()
                        .forEach(each -> text.append("    ").append(of(each)).append('\n'));
                text.append("  }\n");
            }
            if (field.getJavaType() == FieldDescriptor.JavaType.ENUM) {
                enums.add(field.getEnumType());
            }
        }
        text.append('}');
        enums.forEach(each -> text.append("\n\n").append(of(each)));
        return text.toString();
    }

    private static String of(EnumDescriptor type) {
        StringBuilder text = new StringBuilder("enum " + type.getFullName() + " {\n");
        for (EnumValueDescriptor value : type.getValues()) {
            text.append("  ")
                    .append(value.getName())
                    .append(" = ")
                    .append(value.getNumber())
                    .append(";\n");
        }
        return text.append('}').toString();
    }

    private static String of(FieldDescriptor field) {
        String label = field.isMapField()
                ? ""
                : field.isRepeated()
                        ? "repeated "
                        : field.isRequired() ? "required " : field.toProto().getProto3Optional() ? "optional " : "";
        return label + type(field) + " " + field.getName() + " = " + field.getNumber() + ";";
    }

    private static String type(FieldDescriptor field) {
        if (field.isMapField()) {
            return "map<" + type(field.getMessageType().findFieldByNumber(1)) + ", "
                    + type(field.getMessageType().findFieldByNumber(2)) + ">";
        }
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING ->
                field.getType().name().toLowerCase(Locale.ROOT);
        };
    }
}
