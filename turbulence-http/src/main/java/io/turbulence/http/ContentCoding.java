package io.turbulence.http;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.brotli.dec.BrotliInputStream;

/// Codings of bodies that are undone here (RFC 9110 §8.4.1, RFC 7932).
final class ContentCoding {

    private static final int PIECE = 8 * 1024;

    private ContentCoding() {}

    /// @param coding lower case
    static boolean isKnown(String coding) {
        return switch (coding) {
            case "gzip", "x-gzip", "deflate", "br" -> true;
            default -> false;
        };
    }

    /// Fails with [ZipException] where the bytes are not so coded, and with [EOFException] where they end too early.
    ///
    /// @param coding one that is known
    static InputStream decoder(PushbackInputStream coded, String coding) throws IOException {
        return switch (coding) {
            case "br" -> Brotli.of(coded);
            case "deflate" -> inflater(coded);
            default -> new GZIPInputStream(coded, PIECE);
        };
    }

    private static InputStream inflater(PushbackInputStream coded) throws IOException {
        byte[] two = coded.readNBytes(2);
        coded.unread(two);
        // Half of the servers send the bare format under this name (RFC 9110 §8.4.1.2)
        boolean wrapped = two.length == 2 && (two[0] & 15) == 8 && ((two[0] & 255) * 256 + (two[1] & 255)) % 31 == 0;
        return new InflaterInputStream(coded, new Inflater(!wrapped), PIECE);
    }

    /// Tells what is wrong with the bytes from what is wrong with the connection, which the library tells alike.
    private static final class Brotli extends FilterInputStream {

        private Brotli(InputStream decoded) {
            super(decoded);
        }

        static Brotli of(InputStream coded) throws IOException {
            try {
                return new Brotli(new BrotliInputStream(coded, PIECE));
            } catch (IOException e) {
                throw told(e);
            }
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                throw told(e);
            }
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            try {
                return super.read(into, from, length);
            } catch (IOException e) {
                throw told(e);
            }
        }

        private static IOException told(IOException thrown) {
            Throwable why = thrown.getCause();
            if (why == null) {
                return thrown;
            }
            if (why.getCause() instanceof IOException connection) {
                return connection;
            }
            return switch (String.valueOf(why.getMessage())) {
                case "No more input", "Read after end", "Unexpected end of input" -> new EOFException();
                default -> new ZipException(why.getMessage());
            };
        }
    }
}
