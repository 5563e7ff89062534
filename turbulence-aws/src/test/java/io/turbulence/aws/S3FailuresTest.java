package io.turbulence.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.DataSize;
import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.testkit.ClosedPort;
import io.turbulence.testkit.FakeActionContext;
import io.turbulence.testkit.FakeLease;
import io.turbulence.testkit.FakeOpenContext;
import io.turbulence.testkit.LocalServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.s3.S3Client;

/// What goes wrong with S3, each with its outcome and its whole message.
@Timeout(60)
class S3FailuresTest {

    private static final GetSettings GET = Objects.get("box", "thing");

    private static Observation get(S3Service service, GetSettings settings) throws Exception {
        return get(service, settings, Duration.ofSeconds(20));
    }

    private static Observation get(S3Service service, GetSettings settings, Duration within) throws Exception {
        S3Clients clients = new S3Clients();
        try (FakeLease<Access<S3Client>> lease =
                        FakeLease.open(clients, service, FakeOpenContext.to(clients.endpoint(service)));
                FakeActionContext context = FakeActionContext.of(service).deadline(within)) {
            return new GetAction(clients).execute(settings, lease.connection(), context);
        }
    }

    private static void assertAnswer(Observation observation, String status) {
        assertThat(observation.outcome()).isEqualTo(new Outcome.Completed(false, status));
    }

    private static void assertFailure(Observation observation, Failure failure, String message) {
        assertThat(observation.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.failure()).isEqualTo(failure);
            assertThat(failed.message()).isEqualTo(message);
        });
    }

    @Nested
    class TheServiceSaysNo {

        @Test
        void toWrongCredentials() throws Exception {
            String message = "The request signature we calculated does not match the signature you provided.";
            try (Store store = Store.failing(403, "SignatureDoesNotMatch", message)) {
                Observation observation = get(store.service(), GET);
                assertAnswer(observation, "SignatureDoesNotMatch: " + message);
                assertThat(observation.metadata().get("status_code")).isEqualTo(403);
                assertThat(observation.metadata().get("error_code")).isEqualTo("SignatureDoesNotMatch");
                assertThat(observation.metadata().get("request_id")).isEqualTo("REQUEST-1");
                assertThat(observation.metadata().get("attempts")).isEqualTo(1);
            }
        }

        @Test
        void toABucketThatIsMissing() throws Exception {
            try (Store store = Store.start()) {
                assertAnswer(get(store.service(), GET), "NoSuchBucket: The specified bucket does not exist");
            }
        }

        @Test
        void toAnObjectThatIsMissing() throws Exception {
            try (Store store = Store.start()) {
                store.bucket("box");
                assertAnswer(get(store.service(), GET), "NoSuchKey: The specified key does not exist.");
            }
        }

        @Test
        void toTooManyRequestsWithoutTryingAgain() throws Exception {
            AtomicInteger asked = new AtomicInteger();
            try (Store store = Store.answering(request -> {
                asked.incrementAndGet();
                Store.error(request, 503, "SlowDown", "Please reduce your request rate.");
            })) {
                Observation observation = get(store.service(), GET);
                assertAnswer(observation, "SlowDown: Please reduce your request rate.");
                assertThat(observation.metadata().get("throttled")).isEqualTo(true);
                assertThat(asked).hasValue(1);
            }
        }

        @Test
        void toTooManyRequestsAndTellsHowOftenItTried() throws Exception {
            AtomicInteger asked = new AtomicInteger();
            try (Store store = Store.answering(request -> {
                if (asked.incrementAndGet() < 3) {
                    Store.error(request, 503, "SlowDown", "Please reduce your request rate.");
                } else {
                    Store.send(request, 200, "there".getBytes(UTF_8));
                }
            })) {
                S3Service patient = new S3Service(
                        "eu-central-1", store.url(), store.service().credentials(), true, AwsService.Retries.STANDARD);
                Observation observation = get(patient, GET);
                assertThat(observation.outcome().success()).isTrue();
                assertThat(observation.metadata().get("attempts")).isEqualTo(3);
            }
        }

        @Test
        void toAClockThatIsWrongAndTellsByHowMuch() throws Exception {
            String body =
                    "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference is too large.</Message></Error>";
            // The JDK's server writes the date itself
            try (LocalServer server = LocalServer.start(socket -> {
                socket.getInputStream().read(new byte[8192]);
                String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.now().minusSeconds(1200).atOffset(ZoneOffset.UTC));
                socket.getOutputStream()
                        .write(("HTTP/1.1 403 Forbidden\r\nDate: %s\r\nContent-Type: application/xml\r\n"
                                        + "Content-Length: %d\r\nConnection: close\r\n\r\n%s")
                                .formatted(date, body.length(), body)
                                .getBytes(UTF_8));
            })) {
                Observation observation = get(Store.serviceAt("http://127.0.0.1:" + server.port()), GET);
                assertThat(observation.outcome())
                        .isInstanceOfSatisfying(
                                Outcome.Completed.class,
                                completed -> assertThat(completed.status())
                                        .matches("RequestTimeTooSkewed: The difference is too large\\. This machine's"
                                                + " clock is 12\\d\\d s ahead of the service's: set it right\\."));
                assertThat((Long) observation.metadata().get("clock_skew_ms")).isBetween(1_200_000L, 1_260_000L);
            }
        }
    }

    @Nested
    class TheContent {

        @Test
        void thatIsTruncatedIsAClosedConnection() throws Exception {
            try (Store store = Store.answering(request -> {
                request.getResponseHeaders().set("ETag", "\"x\"");
                request.sendResponseHeaders(200, 1000);
                request.getResponseBody().write(new byte[400]);
                request.getResponseBody().flush();
                throw new IOException("enough");
            })) {
                assertFailure(
                        get(store.service(), GET),
                        Failure.CLOSED,
                        "'box/thing': the connection ended after 400 of 1,000 bytes");
            }
        }

        @Test
        void thatIsNotWhatItsEtagSaysIsRefused() throws Exception {
            try (Store store = Store.answering(request -> {
                request.getResponseHeaders().set("ETag", "\"00000000000000000000000000000000\"");
                Store.send(request, 200, "content".getBytes(UTF_8));
            })) {
                assertFailure(
                        get(store.service(), GET),
                        Failure.PROTOCOL,
                        "'box/thing': the content's MD5 is 9a0364b9e99bb480dd25e1f0284c8555,"
                                + " but its ETag says 00000000000000000000000000000000");
            }
        }

        @Test
        void thatDoesNotHaveItsChecksumIsRefused() throws Exception {
            try (Store store = Store.answering(request -> {
                request.getResponseHeaders().set("x-amz-checksum-crc32", "AAAAAA==");
                Store.send(request, 200, "content".getBytes(UTF_8));
            })) {
                assertThat(get(store.service(), GET).outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                    assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL);
                    assertThat(failed.message())
                            .startsWith("'box/thing': the content does not have the checksum (crc32) that the"
                                    + " service tells: ");
                });
            }
        }

        @Test
        void thatStallsEndsWithTheStepsTime() throws Exception {
            try (Store store = Store.answering(request -> {
                request.sendResponseHeaders(200, 1000);
                request.getResponseBody().write(new byte[400]);
                request.getResponseBody().flush();
                Thread.sleep(Duration.ofSeconds(30));
            })) {
                Observation observation = get(store.service(), GET, Duration.ofSeconds(4));
                assertThat(observation.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                    assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT);
                    assertThat(failed.message()).startsWith("'box/thing': 400 of 1,000 bytes came within the ");
                });
            }
        }

        @Test
        void thatIsCompressedIsReadAndBounded() throws Exception {
            ByteArrayOutputStream small = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
                gzip.write(new byte[1 << 20]);
            }
            try (Store store = Store.answering(request -> {
                request.getResponseHeaders().set("Content-Encoding", "gzip");
                Store.send(request, 200, small.toByteArray());
            })) {
                Payload whole = get(store.service(), GET).payload();
                assertThat(((Payload.Bytes) whole).content()).hasSize(1 << 20);
                GetSettings bounded = new GetSettings(
                        "box",
                        "thing",
                        null,
                        null,
                        GetSettings.As.AUTO,
                        false,
                        true,
                        ",",
                        null,
                        DataSize.parse("64 KiB"),
                        true);
                assertFailure(
                        get(store.service(), bounded),
                        Failure.TOO_LARGE,
                        "'box/thing': the content is larger, but 'max_size' is 64 KiB."
                                + " Write it 'to' a file, read it as a 'stream', or raise 'max_size'.");
            }
        }

        @Test
        void thatIsNoJsonSaysWhere() throws Exception {
            try (Store store = Store.start()) {
                store.bucket("box").put("rows.jsonl", "{\"a\":1}\n{\"a\":\n".getBytes(UTF_8));
                Observation observation = get(store.service(), Objects.get("box", "rows.jsonl"));
                assertThat(observation.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                    assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL);
                    assertThat(failed.message()).startsWith("'box/rows.jsonl': line 2 is no JSON: ");
                });
            }
        }

        @Test
        void ofARaggedTableSaysWhichRow() throws Exception {
            try (Store store = Store.start()) {
                store.bucket("box").put("rows.csv", "a,b\n1,2\n3\n".getBytes(UTF_8));
                assertFailure(
                        get(store.service(), Objects.get("box", "rows.csv")),
                        Failure.PROTOCOL,
                        "'box/rows.csv': row 2 has 1 fields where the header has 2");
            }
        }
    }

    @Nested
    class ThePlace {

        @Test
        void whereNobodyListens() throws Exception {
            try (ClosedPort port = ClosedPort.reserve()) {
                S3Service service = Store.serviceAt("http://127.0.0.1:" + port.port());
                assertThat(Outcome.Failed.of(thrownBy(service)))
                        .satisfies(failed -> assertThat(failed.failure()).isEqualTo(Failure.CONNECT))
                        .satisfies(failed -> assertThat(failed.message())
                                .isEqualTo("could not connect to '127.0.0.1:%d': Connection refused"
                                        .formatted(port.port())));
            }
        }

        @Test
        void thatGoesAway() throws Exception {
            Store store = Store.start();
            S3Service service = store.service();
            S3Clients clients = new S3Clients();
            try (FakeLease<Access<S3Client>> lease =
                            FakeLease.open(clients, service, FakeOpenContext.to(clients.endpoint(service)));
                    FakeActionContext context = FakeActionContext.of(service).deadline(Duration.ofSeconds(20))) {
                store.close();
                assertThat(new GetAction(clients)
                                .execute(GET, lease.connection(), context)
                                .outcome())
                        .isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                            assertThat(failed.failure()).isEqualTo(Failure.CONNECT);
                            assertThat(failed.message())
                                    .startsWith("'box/thing': Connect to " + store.url())
                                    .endsWith("failed: Connection refused");
                        });
            }
        }

        @Test
        void thatHasNoCredentials() throws Exception {
            try (Store store = Store.start()) {
                S3Service service = new S3Service(
                        "eu-central-1",
                        store.url(),
                        new Credentials(null, "no-such-profile", null, null, null, null),
                        true,
                        AwsService.Retries.OFF);
                Outcome.Failed failed = Outcome.Failed.of(thrownBy(service));
                assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL);
                assertThat(failed.message())
                        .startsWith("'service': there are no credentials: ")
                        .contains("no-such-profile")
                        .endsWith(". Set 'credentials' on the service, or AWS_ACCESS_KEY_ID and"
                                + " AWS_SECRET_ACCESS_KEY.");
            }
        }

        private static Exception thrownBy(S3Service service) {
            try {
                get(service, GET);
                throw new AssertionError("it was reached");
            } catch (Exception e) {
                return e;
            }
        }
    }
}
