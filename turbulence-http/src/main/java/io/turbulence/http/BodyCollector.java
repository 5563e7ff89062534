package io.turbulence.http;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Payload;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.zip.ZipException;

/// Takes a body whole, decoded, within the limit; or counts it.
final class BodyCollector {

    private static final int PIECE = 8 * 1024;
    private static final int FIRST_GUESS = 1024 * 1024;
    private static final int LARGEST_PIECE = 1024 * 1024;
    private static final String BINARY = "application/octet-stream";
    private static final byte[] NOTHING = new byte[0];

    private final Call call;
    private final Head head;
    private final Site site;
    private byte[] content = NOTHING;

    /// Pieces before the newest, all full: a body whose length nobody tells is copied only once, when it is whole.
    private final Deque<byte[]> full = new ArrayDeque<>(0);

    private int inNewest;
    private long count;

    BodyCollector(Call call, Head head, Site site) {
        this.call = call;
        this.head = head;
        this.site = site;
    }

    /// What was kept. Taken once.
    Payload payload() {
        // What is coded is not what its media type says
        return Payload.bytes(exact(), head.isOfUnknownEncoding() ? BINARY : head.mediaType());
    }

    private byte[] exact() {
        if (full.isEmpty()) {
            return inNewest == content.length ? content : Arrays.copyOf(content, inNewest);
        }
        byte[] exact = new byte[(int) count];
        int at = 0;
        for (byte[] piece = full.poll(); piece != null; piece = full.poll()) {
            System.arraycopy(piece, 0, exact, at, piece.length);
            at += piece.length;
        }
        System.arraycopy(content, 0, exact, at, inNewest);
        return exact;
    }

    /// How many bytes came, decoded.
    long count() {
        return count;
    }

    void collect(AnswerBody body) throws IOException {
        long announced = body.announced();
        if (announced == 0) {
            return;
        }
        String encoding = head.contentEncoding();
        if (ContentCoding.isKnown(encoding)) {
            collectDecoded(body, encoding);
        } else {
            collectPlain(body, announced);
        }
    }

    private void collectPlain(AnswerBody body, long announced) throws IOException {
        if (announced > call.maxBody().bytes() && !call.discard()) {
            throw tooLarge("a body of " + announced + " bytes");
        }
        drain(body, announced);
    }

    private void collectDecoded(AnswerBody body, String encoding) throws IOException {
        PushbackInputStream ahead = new PushbackInputStream(body, 2);
        int first = ahead.read();
        if (first < 0) {
            // Nothing is nothing in any coding, and some servers send it
            return;
        }
        ahead.unread(first);
        try (InputStream decoded = ContentCoding.decoder(ahead, encoding)) {
            drain(decoded, -1);
            // What follows the coding belongs to the body too, and the connection must be rid of it
            body.skipToEnd();
        } catch (ZipException e) {
            throw broken(encoding, String.valueOf(e.getMessage()), e);
        } catch (EOFException e) {
            // Fails once more where it is the connection that ended
            body.skipToEnd();
            throw broken(encoding, "it ends too early", e);
        }
    }

    private FailureException broken(String encoding, String why, IOException e) {
        return new FailureException(
                Failure.PROTOCOL,
                "'" + site.authority() + "' sent a body that is no valid " + encoding + ": " + why,
                e);
    }

    private void drain(InputStream from, long announced) throws IOException {
        if (call.discard()) {
            byte[] piece = new byte[PIECE];
            for (int read = from.read(piece, 0, PIECE); read >= 0; read = from.read(piece, 0, PIECE)) {
                count += read;
            }
            return;
        }
        content = new byte[announced < 0 ? PIECE : (int) Math.min(announced, FIRST_GUESS)];
        while (true) {
            if (inNewest == content.length) {
                if (count == announced) {
                    return;
                }
                another(announced);
            }
            int read = from.read(content, inNewest, content.length - inNewest);
            if (read < 0) {
                return;
            }
            inNewest += read;
            count += read;
            if (count > call.maxBody().bytes()) {
                drop();
                throw tooLarge("a body of more than " + call.maxBody());
            }
        }
    }

    private void another(long announced) {
        if (announced >= 0) {
            // So much has come that the rest is believed
            content = Arrays.copyOf(content, (int) announced);
            return;
        }
        full.add(content);
        content = new byte[Math.min(content.length * 2, LARGEST_PIECE)];
        inNewest = 0;
    }

    private void drop() {
        full.clear();
        content = NOTHING;
        inNewest = 0;
    }

    private FailureException tooLarge(String found) {
        return new FailureException(
                Failure.TOO_LARGE,
                "'" + site.authority() + "' sent " + found + " but max_body is " + call.maxBody()
                        + "; raise it, or use 'body: discard' to count the body without keeping it");
    }
}
