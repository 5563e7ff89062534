package io.turbulence.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file, read while it is sent.
///
/// @param length its length as it was announced; not one byte more is sent
record FileBody(Path file, long length, @Nullable String mediaType) implements RequestBody {

    private static final int PIECE = 32 * 1024;

    /// @throws SourceUnreadable when there is no such file
    static FileBody of(Path file, @Nullable String mediaType) throws SourceUnreadable {
        try {
            return new FileBody(file, Files.size(file), mediaType);
        } catch (IOException e) {
            throw new SourceUnreadable(file, e);
        }
    }

    @Override
    public void writeTo(Sink sink) throws IOException {
        byte[] piece = new byte[(int) Math.min(PIECE, Math.max(1, length))];
        try (InputStream in = open()) {
            long left = length;
            while (left > 0) {
                int count = readSome(in, piece, (int) Math.min(piece.length, left));
                sink.write(piece, 0, count);
                left -= count;
            }
        }
    }

    private InputStream open() throws SourceUnreadable {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new SourceUnreadable(file, e);
        }
    }

    private int readSome(InputStream in, byte[] piece, int most) throws SourceUnreadable {
        try {
            int count = in.read(piece, 0, most);
            if (count < 0) {
                throw new IOException("it became shorter while it was sent");
            }
            return count;
        } catch (IOException e) {
            throw new SourceUnreadable(file, e);
        }
    }
}
