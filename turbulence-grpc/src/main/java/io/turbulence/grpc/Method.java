package io.turbulence.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Payload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A method as it is called: messages are trees outside and bytes on the wire. Thread-safe.
final class Method {

    private final String fullName;
    private final Descriptor input;
    private final Descriptor output;
    /// Whether a message to send may lack a required field.
    private final boolean requires;
    private final Types types;
    private final MessageReader reader;
    private final MethodDescriptor<byte[], byte[]> descriptor;
    private volatile @Nullable Encoded last;

    Method(com.google.protobuf.Descriptors.MethodDescriptor method, Types types) {
        this.fullName = method.getService().getFullName() + "/" + method.getName();
        this.input = method.getInputType();
        this.output = method.getOutputType();
        this.requires = requires(input, new HashSet<>());
        this.types = types;
        this.reader = new MessageReader(types);
        this.descriptor = descriptor(fullName, kind(method.isClientStreaming(), method.isServerStreaming()));
    }

    private static boolean requires(Descriptor type, Set<Descriptor> seen) {
        if (!seen.add(type)) {
            return false;
        }
        // What extensions bring is not known
        return type.isExtendable()
                || type.getFields().stream()
                        .anyMatch(field -> field.isRequired()
                                || (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                                        && requires(field.getMessageType(), seen)));
    }

    static MethodDescriptor<byte[], byte[]> descriptor(String fullName, MethodType kind) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(kind)
                .setFullMethodName(fullName)
                .setRequestMarshaller(BytesMarshaller.INSTANCE)
                .setResponseMarshaller(BytesMarshaller.INSTANCE)
                .build();
    }

    private static MethodType kind(boolean clientStreaming, boolean serverStreaming) {
        if (clientStreaming) {
            return serverStreaming ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING;
        }
        return serverStreaming ? MethodType.SERVER_STREAMING : MethodType.UNARY;
    }

    /// `shop.Orders/Create`.
    String fullName() {
        return fullName;
    }

    MethodType kind() {
        return descriptor.getType();
    }

    boolean serverStreams() {
        return !descriptor.getType().serverSendsOneMessage();
    }

    boolean clientStreams() {
        return !descriptor.getType().clientSendsOneMessage();
    }

    MethodDescriptor<byte[], byte[]> descriptor() {
        return descriptor;
    }

    Descriptor input() {
        return input;
    }

    Descriptor output() {
        return output;
    }

    Types types() {
        return types;
    }

    /// The bytes of a message to send. What was encoded last is kept: a message without templates is the same
    /// tree each time.
    ///
    /// @param key the setting that gives the message, for the failure
    /// @throws FailureException when the tree does not fit the message
    byte[] encode(@Nullable Object tree, String key) {
        Encoded known = last;
        if (known != null && known.isOf(tree)) {
            return known.bytes;
        }
        List<String> wrong = new ArrayList<>();
        DynamicMessage.Builder message = new MessageWriter(
                        types, (path, found, expected, hint) -> wrong.add(sentence(path, found, expected, hint)))
                .message(input, tree, Place.of(key));
        if (!wrong.isEmpty()) {
            throw new FailureException(
                    Failure.PROTOCOL, "'" + fullName + "' was not called: " + String.join("; ", wrong));
        }
        if (requires && !message.isInitialized()) {
            throw new FailureException(
                    Failure.PROTOCOL,
                    "'" + fullName + "' was not called: " + key + " lacks the required "
                            + message.getInitializationErrorString());
        }
        byte[] bytes = message.buildPartial().toByteArray();
        if (tree != null) {
            last = new Encoded(tree, bytes);
        }
        return bytes;
    }

    private static String sentence(String path, String found, String expected, String hint) {
        return path + ": " + found + "; expected " + expected + (hint.isEmpty() ? "" : ". " + hint);
    }

    /// The tree of a message that came. It is checked at once and made a tree when somebody looks.
    ///
    /// @throws FailureException when it is no such message
    Payload decode(byte[] bytes) {
        DynamicMessage message = parse(bytes);
        return Payload.lazyDocument(() -> reader.tree(message));
    }

    Frame frame(byte[] bytes) {
        return Frame.of(decode(bytes));
    }

    private DynamicMessage parse(byte[] bytes) {
        try {
            return DynamicMessage.parseFrom(output, bytes, types.extensions());
        } catch (InvalidProtocolBufferException e) {
            throw new FailureException(
                    Failure.PROTOCOL,
                    "'" + fullName + "' answered with " + bytes.length + " bytes that are no '" + output.getFullName()
                            + "': " + e.getMessage(),
                    e);
        }
    }

    MessageReader reader() {
        return reader;
    }

    /// A tree and its bytes.
    private static final class Encoded {

        private final Object tree;
        private final byte[] bytes;

        Encoded(Object tree, byte[] bytes) {
            this.tree = tree;
            this.bytes = bytes;
        }

        @SuppressWarnings("ReferenceEquality") // the same tree, not one like it: looking must cost nothing
        boolean isOf(@Nullable Object other) {
            return tree == other;
        }
    }
}
