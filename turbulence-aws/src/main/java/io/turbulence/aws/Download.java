package io.turbulence.aws;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/// An object's content as it comes: counted, compared with its checksum, and ended from another thread when its time
/// is up.
///
/// Read by one thread; closed by any. Closing before the end ends the connection instead of reading what is left.
final class Download extends FilterInputStream {

    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

    private final String name;
    private final AbortableInputStream content;
    private final GetObjectResponse response;
    private final boolean verified;
    private final @Nullable MessageDigest md5;
    private @Nullable MessageDigest sha256;
    private volatile @Nullable Deadline late;
    private @Nullable Future<?> watch;
    private long count;
    private volatile boolean ended;

    /// @param name the subject of messages
    Download(String name, ObjectContent content, boolean verify) {
        super(content.stream());
        this.name = name;
        this.content = content.stream();
        this.response = content.response();
        this.verified = verify && response.checksumType() != ChecksumType.COMPOSITE && checksum(response) != null;
        this.md5 = verify && !verified && isMd5(response) ? digest("MD5") : null;
    }

    /// The checksum that the SDK compares the content with; null when the answer has none.
    private static @Nullable String checksum(GetObjectResponse response) {
        return response.checksumCRC32() != null
                ? "crc32"
                : response.checksumCRC32C() != null
                        ? "crc32c"
                        : response.checksumSHA256() != null
                                ? "sha256"
                                : response.checksumSHA1() != null
                                        ? "sha1"
                                        : response.checksumCRC64NVME() != null ? "crc64nvme" : null;
    }

    /// An ETag is the content's MD5 unless it was stored in parts or with a key of one's own; of a range it says
    /// nothing.
    private static boolean isMd5(GetObjectResponse response) {
        String etag = S3Objects.etag(response.eTag());
        boolean plain = response.serverSideEncryption() == null
                || response.serverSideEncryption() == ServerSideEncryption.AES256;
        return etag != null
                && MD5.matcher(etag).matches()
                && plain
                && response.sseCustomerAlgorithm() == null
                && response.contentRange() == null;
    }

    /// What the content was, or will be, compared with; null for nothing.
    @Nullable
    String verification() {
        if (response.contentRange() != null) {
            return null;
        }
        return verified ? checksum(response) : md5 == null ? null : "md5";
    }

    /// Takes the content's SHA-256 as well.
    void digest() {
        sha256 = digest("SHA-256");
    }

    /// What [#digest] took, in hexadecimal digits.
    String sha256() {
        MessageDigest digest = sha256;
        return digest == null ? "" : HexFormat.of().formatHex(digest.digest());
    }

    long count() {
        return count;
    }

    /// Has it ended when the deadline passes.
    void limit(Deadline deadline, ScheduledExecutorService timer) {
        watch = timer.schedule(
                () -> {
                    late = deadline;
                    content.abort();
                },
                Math.max(0, deadline.remainingNanos()),
                TimeUnit.NANOSECONDS);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        int read;
        try {
            read = super.read(into, from, most);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw cut(e);
        } catch (SdkClientException e) {
            throw unlike(e);
        }
        if (read < 0) {
            end();
            return read;
        }
        count += read;
        if (md5 != null) {
            md5.update(into, from, read);
        }
        if (sha256 != null) {
            sha256.update(into, from, read);
        }
        return read;
    }

    private FailureException cut(IOException cause) {
        Deadline passed = late;
        if (passed != null) {
            return new FailureException(
                    Failure.TIMEOUT,
                    "%s: %,d of %,d bytes came within the %s"
                            .formatted(name, count, response.contentLength(), passed.limit()),
                    cause);
        }
        return new FailureException(
                Failure.CLOSED,
                "%s: the connection ended after %,d of %,d bytes".formatted(name, count, response.contentLength()),
                cause);
    }

    private RuntimeException unlike(SdkClientException thrown) {
        if (thrown.getCause() instanceof IOException cause) {
            return cut(cause);
        }
        boolean differs = String.valueOf(thrown.getMessage()).contains("checksum");
        return differs
                ? new FailureException(
                        Failure.PROTOCOL,
                        "%s: the content does not have the checksum (%s) that the service tells: %s"
                                .formatted(name, checksum(response), Failures.sentence(thrown)),
                        thrown)
                : thrown;
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        Long length = response.contentLength();
        if (length != null && count < length) {
            throw new FailureException(
                    Failure.CLOSED, "%s: the content ended after %,d of %,d bytes".formatted(name, count, length));
        }
        String etag = S3Objects.etag(response.eTag());
        if (md5 == null) {
            return;
        }
        String found = HexFormat.of().formatHex(md5.digest());
        if (!found.equals(etag)) {
            throw new FailureException(
                    Failure.PROTOCOL, "%s: the content's MD5 is %s, but its ETag says %s".formatted(name, found, etag));
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.cancel(false);
        }
        if (!ended) {
            content.abort();
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
