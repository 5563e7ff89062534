package io.turbulence.kafka;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.turbulence.kafka.SchemaCodec.MisfitException;
import io.turbulence.spi.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values of a `.proto` file: before a message stands which of the file's messages it is.
final class ProtobufCodec implements ValueCodec {

    private final FileDescriptor file;
    private final Json json;

    ProtobufCodec(String text, Map<String, String> references, Json json) {
        this.json = json;
        Map<String, FileDescriptor> known = new LinkedHashMap<>(WellKnownTypes.files());
        references.forEach((name, content) -> known.put(name, link(name, content, known)));
        file = link("schema.proto", text, known);
        if (file.getMessageTypes().isEmpty()) {
            throw new IllegalArgumentException("there is no message in it");
        }
    }

    private static FileDescriptor link(String name, String text, Map<String, FileDescriptor> known) {
        FileDescriptorProto proto = parse(name, text);
        List<FileDescriptor> imports = new ArrayList<>();
        for (String dependency : proto.getDependencyList()) {
            FileDescriptor found = known.get(dependency);
            if (found == null) {
                throw new IllegalArgumentException(
                        "'" + dependency + "' is imported but is no reference of the schema");
            }
            imports.add(found);
        }
        try {
            return FileDescriptor.buildFrom(proto, imports.toArray(FileDescriptor[]::new));
        } catch (DescriptorValidationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /// A registry may hand out a descriptor in base64 instead of the text.
    private static FileDescriptorProto parse(String name, String text) {
        if (text.strip().matches("[A-Za-z0-9+/=\\r\\n]+")) {
            try {
                return FileDescriptorProto.parseFrom(Base64.getMimeDecoder().decode(text));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalArgumentException("neither a .proto file nor a descriptor: " + e.getMessage(), e);
            }
        }
        return new ProtoFile(name, text).parse();
    }

    @Override
    public String name() {
        return file.getMessageTypes().getFirst().getFullName();
    }

    @Override
    public @Nullable Object decode(ByteBuffer value) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(value);
        int depth = in.readSInt32();
        // The usual case, the first message of the file, is a single zero
        Descriptor type = file.getMessageTypes().get(depth == 0 ? 0 : in.readSInt32());
        for (int i = 1; i < depth; i++) {
            type = type.getNestedTypes().get(in.readSInt32());
        }
        return tree(DynamicMessage.parseFrom(type, in));
    }

    @Override
    public byte[] encode(Object tree, @Nullable String name) throws MisfitException {
        Descriptor type = type(name);
        DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            JsonFormat.parser().merge(json.writeText(tree), builder);
            CodedOutputStream coded = CodedOutputStream.newInstance(out);
            writePath(coded, type);
            builder.build().writeTo(coded);
            coded.flush();
        } catch (IOException | RuntimeException e) {
            throw new MisfitException("$: " + e.getMessage(), e);
        }
        return out.toByteArray();
    }

    private Descriptor type(@Nullable String name) throws MisfitException {
        if (name == null) {
            return file.getMessageTypes().getFirst();
        }
        Deque<Descriptor> all = new ArrayDeque<>(file.getMessageTypes());
        while (!all.isEmpty()) {
            Descriptor type = all.removeFirst();
            if (type.getFullName().equals(name) || type.getName().equals(name)) {
                return type;
            }
            all.addAll(type.getNestedTypes());
        }
        throw new MisfitException("$", "the schema has no message '" + name + "'");
    }

    private static void writePath(CodedOutputStream out, Descriptor type) throws IOException {
        List<Integer> path = new ArrayList<>();
        for (Descriptor each = type; each != null; each = each.getContainingType()) {
            path.addFirst(each.getIndex());
        }
        if (path.equals(List.of(0))) {
            out.writeSInt32NoTag(0);
            return;
        }
        out.writeSInt32NoTag(path.size());
        for (int index : path) {
            out.writeSInt32NoTag(index);
        }
    }

    /// By the names of proto3's JSON; 64-bit integers as numbers, bytes in base64.
    private Object tree(Message message) throws IOException {
        if (message.getDescriptorForType().getFullName().startsWith("google.protobuf.")) {
            return wellKnown(message);
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.isMapField()) {
                fields.put(field.getJsonName(), map(field, (List<?>) message.getField(field)));
            } else if (field.isRepeated()) {
                List<@Nullable Object> items = new ArrayList<>();
                for (Object item : (List<?>) message.getField(field)) {
                    items.add(value(field, item));
                }
                fields.put(field.getJsonName(), items);
            } else if (!field.hasPresence() || message.hasField(field)) {
                fields.put(field.getJsonName(), value(field, message.getField(field)));
            }
        }
        return fields;
    }

    private Map<String, @Nullable Object> map(FieldDescriptor field, List<?> entries) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        for (Object entry : entries) {
            Message pair = (Message) entry;
            map.put(String.valueOf(pair.getField(key)), value(value, pair.getField(value)));
        }
        return map;
    }

    private @Nullable Object value(FieldDescriptor field, Object value) throws IOException {
        return switch (field.getJavaType()) {
            case MESSAGE -> tree((Message) value);
            case ENUM -> ((EnumValueDescriptor) value).getName();
            case BYTE_STRING -> Base64.getEncoder().encodeToString(((ByteString) value).toByteArray());
            case FLOAT -> Double.valueOf(value.toString());
            case INT ->
                switch (field.getType()) {
                    case UINT32, FIXED32 -> Integer.toUnsignedLong((Integer) value);
                    default -> value;
                };
            case LONG ->
                switch (field.getType()) {
                    case UINT64, FIXED64 ->
                        (Long) value >= 0 ? value : new java.math.BigInteger(Long.toUnsignedString((Long) value));
                    default -> value;
                };
            default -> value;
        };
    }

    /// Timestamps, durations and their like have a form of their own in JSON.
    private Object wellKnown(Message message) throws IOException {
        String text = JsonFormat.printer().omittingInsignificantWhitespace().print(message);
        Object tree = json.read(text);
        return tree == null ? Map.of() : tree;
    }
}
