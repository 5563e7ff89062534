package io.turbulence.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// Messages as bytes: they are made and understood on the instance's own thread, not on the network's.
enum BytesMarshaller implements MethodDescriptor.Marshaller<byte[]> {
    INSTANCE;

    @Override
    public InputStream stream(byte[] value) {
        return new Message(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
        try {
            if (!(stream instanceof KnownLength)) {
                return stream.readAllBytes();
            }
            byte[] message = new byte[stream.available()];
            stream.readNBytes(message, 0, message.length);
            return message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Goes to the network in one piece, without a buffer between.
    private static final class Message extends ByteArrayInputStream implements Drainable, KnownLength {

        Message(byte[] content) {
            super(content);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int length = count - pos;
            target.write(buf, pos, length);
            pos = count;
            return length;
        }
    }
}
