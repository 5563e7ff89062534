package io.turbulence.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import io.turbulence.testkit.FakeActionContext;
import io.turbulence.testkit.FakeLease;
import io.turbulence.testkit.FakeOpenContext;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.s3.S3Client;

/// Objects that are larger than the heap.
@Tag("stress")
@Timeout(180)
class LargeObjectTest {

    private static final byte[] LINE = ("{\"text\":\"" + "x".repeat(10_000) + "\"}\n").getBytes(StandardCharsets.UTF_8);

    /// With a larger heap it is still more than the content's bound.
    private static final long MOST = 1L << 30;

    private static long lines() {
        return Math.min(Runtime.getRuntime().maxMemory(), MOST) / LINE.length + 10_000;
    }

    private static Store store() throws Exception {
        return Store.answering(request -> {
            long lines = lines();
            request.sendResponseHeaders(200, lines * LINE.length);
            try (OutputStream out = request.getResponseBody()) {
                for (long i = 0; i < lines; i++) {
                    out.write(LINE);
                }
            }
        });
    }

    private interface Look {

        void at(Observation observation) throws Exception;
    }

    private static void get(GetSettings settings, Look look) throws Exception {
        try (Store store = store()) {
            S3Service service = store.service();
            S3Clients clients = new S3Clients();
            try (FakeLease<Access<S3Client>> lease =
                            FakeLease.open(clients, service, FakeOpenContext.to(clients.endpoint(service)));
                    FakeActionContext context = FakeActionContext.of(service).deadline(Duration.ofMinutes(3))) {
                look.at(new GetAction(clients).execute(settings, lease.connection(), context));
            }
        }
    }

    @Test
    void areOnlyVerified() throws Exception {
        get(Objects.get("box", "large", GetSettings.As.NONE, false), observation -> {
            Object tree = ((Payload.Document) observation.payload()).tree();
            assertThat(((Map<?, ?>) tree).get("size")).isEqualTo(lines() * LINE.length);
        });
    }

    @Test
    void areReadLineByLine() throws Exception {
        get(Objects.get("box", "large", GetSettings.As.JSONL, true), observation -> {
            long count = 0;
            try (PayloadStream stream = ((Payload.Stream) observation.payload()).stream()) {
                Frame last = null;
                for (Frame each = next(stream); each != null; each = next(stream)) {
                    last = each;
                    count++;
                }
                assertThat(last).isNotNull();
            }
            assertThat(count).isEqualTo(lines());
        });
    }

    private static Frame next(PayloadStream stream) throws Exception {
        return stream.next(Deadline.after(Duration.ofMinutes(1), "limit"));
    }
}
