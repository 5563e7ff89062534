package io.turbulence.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.testkit.FakeActionContext;
import io.turbulence.testkit.FakeLease;
import io.turbulence.testkit.FakeOpenContext;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.s3.S3Client;

/// Who signs.
@Timeout(60)
class CredentialsTest {

    private final Queue<String> signatures = new ConcurrentLinkedQueue<>();
    private Store store;

    @BeforeEach
    void start() throws Exception {
        store = Store.answering(request -> {
            signatures.add(String.valueOf(request.getRequestHeaders().getFirst("Authorization")));
            Store.send(request, 200, "x".getBytes(UTF_8));
        });
    }

    @AfterEach
    void stop() {
        store.close();
    }

    private Observation get(Credentials credentials) throws Exception {
        S3Service service = new S3Service("eu-central-1", store.url(), credentials, true, AwsService.Retries.OFF);
        S3Clients clients = new S3Clients();
        try (FakeLease<Access<S3Client>> lease =
                        FakeLease.open(clients, service, FakeOpenContext.to(clients.endpoint(service)));
                FakeActionContext context = FakeActionContext.of(service).deadline(Duration.ofSeconds(20))) {
            return new GetAction(clients).execute(Objects.get("box", "thing"), lease.connection(), context);
        }
    }

    @Test
    void nobody() throws Exception {
        assertThat(get(Credentials.ANONYMOUS).outcome().success()).isTrue();
        assertThat(signatures).containsExactly("null");
    }

    @Test
    void aKeyThatIsGiven() throws Exception {
        assertThat(get(Credentials.of("KEY-ID", "secret")).outcome().success()).isTrue();
        assertThat(signatures.peek()).contains("Credential=KEY-ID/").contains("/eu-central-1/s3/");
    }

    @Test
    void aRoleThatIsTakenOn() throws Exception {
        String answer = """
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
            <AccessKeyId>ROLE-ID</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
            <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>\
            """;
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        try (Store sts = Store.answering(request -> {
            asked.add(new String(request.getRequestBody().readAllBytes(), UTF_8));
            Store.send(request, 200, answer.getBytes(UTF_8));
        })) {
            Observation observation = get(new Credentials(
                    null,
                    null,
                    "KEY-ID",
                    "secret",
                    null,
                    new Credentials.AssumeRole(
                            "arn:aws:iam::123456789012:role/tester", "run", "ext", Duration.ofHours(1), sts.url())));

            assertThat(observation.outcome().success()).isTrue();
            assertThat(signatures.peek()).contains("Credential=ROLE-ID/");
            assertThat(asked).hasSize(1);
            assertThat(asked.peek())
                    .contains("Action=AssumeRole")
                    .contains("RoleSessionName=run")
                    .contains("ExternalId=ext")
                    .contains("DurationSeconds=3600");
        }
    }

    @Test
    void aRoleThatIsRefusedIsToldBeforeAnythingIsSent() throws Exception {
        String answer =
                "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>";
        try (Store sts = Store.answering(request -> {
            request.getRequestBody().readAllBytes();
            Store.send(request, 403, answer.getBytes(UTF_8));
        })) {
            Credentials refused = new Credentials(
                    null,
                    null,
                    "KEY-ID",
                    "secret",
                    null,
                    new Credentials.AssumeRole("arn:aws:iam::1:role/r", "run", null, Duration.ofHours(1), sts.url()));
            Outcome.Failed failed = Outcome.Failed.of(catchThrowable(() -> get(refused)));
            assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL);
            assertThat(failed.message())
                    .startsWith("'service': the role 'arn:aws:iam::1:role/r' was not given by STS at '" + sts.url()
                            + "': not you");
            assertThat(signatures).isEmpty();
        }
    }
}
