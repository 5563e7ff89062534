package io.turbulence.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turbulence.api.Endpoint;
import io.turbulence.tck.PluginTestKit;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What is said when definitions are loaded.
class SettingsTest {

    private static void assertRefused(String service, String step, String... parts) {
        assertThatThrownBy(() -> PluginTestKit.scenario("id: some\nflow: [ " + step + " ]\n")
                        .system("services: { a: " + service + " }\n")
                        .with(new AwsPlugin())
                        .run())
                .satisfies(thrown -> assertThat(thrown.getMessage()).contains(parts));
    }

    private static final String S3 = "{ protocol: aws.s3, region: eu-central-1, credentials: anonymous }";
    private static final String SQS = "{ protocol: aws.sqs, region: eu-central-1, credentials: anonymous }";
    private static final String HEAD = "{ type: s3.head, bucket: box, key: a }";

    @Nested
    class OfAService {

        @Test
        void anEndpointIsAnAddress() {
            assertRefused(
                    "{ protocol: aws.s3, endpoint: localhost:9090 }",
                    HEAD,
                    "services.a.endpoint",
                    "'localhost:9090'",
                    "an address such as 'http://localhost:9090'");
        }

        @Test
        void aServiceOfAwsItselfIsInARegion() {
            SqsService nowhere = new SqsService(null, null, null, AwsService.Retries.OFF, true);
            assumeTrue(Places.knownRegion(nowhere).isEmpty(), "this machine has a region");
            for (String protocol : List.of("aws.sqs", "aws.s3")) {
                assertRefused(
                        "{ protocol: " + protocol + " }",
                        "{ type: s3.head, bucket: box, nonsense: a }",
                        "services.a.region: neither 'region' nor AWS_REGION nor a profile's region; expected a region"
                                + " such as 'eu-central-1'");
            }
            assertRefused("{ protocol: aws.s3, region: eu central 1 }", HEAD, "services.a.region", "'eu central 1'");
        }

        @Test
        void keysComeInPairs() {
            assertRefused(
                    "{ protocol: aws.s3, region: eu-central-1, credentials: { access_key_id: a } }",
                    HEAD,
                    "services.a.credentials",
                    "'secret_access_key' is missing",
                    "both 'access_key_id' and 'secret_access_key'");
        }

        @Test
        void nobodyTakesOnNoRole() {
            assertRefused(
                    "{ protocol: aws.s3, region: eu-central-1, credentials: { from: anonymous, assume_role:"
                            + " \"arn:aws:iam::1:role/r\" } }",
                    HEAD,
                    "services.a.credentials.assume_role",
                    "nobody to take on a role");
        }

        @Test
        void retriesAreOneOfThree() {
            assertRefused(
                    "{ protocol: aws.s3, region: eu-central-1, retries: always }", HEAD, "always", "off", "standard");
        }

        @Test
        void isWhereItsRegionHasIt() {
            assertThat(Places.endpoint(new S3Service("eu-central-1", null, null, false, AwsService.Retries.OFF)))
                    .isEqualTo(Endpoint.of("https", "s3.eu-central-1.amazonaws.com", 443));
            assertThat(Places.endpoint(new SfnService("cn-north-1", null, null, AwsService.Retries.OFF)))
                    .isEqualTo(Endpoint.of("https", "states.cn-north-1.amazonaws.com.cn", 443));
        }
    }

    @Nested
    class OfAStep {

        @Test
        void aRangeIsOne() {
            assertRefused(
                    S3,
                    "{ type: s3.get, bucket: box, key: a, range: first }",
                    "range",
                    "'first'",
                    "'0-99', '100-' or '-100'");
        }

        @Test
        void aRangeDoesNotEndBeforeItBegins() {
            assertRefused(
                    S3, "{ type: s3.get, bucket: box, key: a, range: 5-2 }", "'5-2', which ends before it begins");
        }

        @Test
        void aPrefixIsNotTheWholeBucket() {
            assertRefused(
                    S3,
                    "{ type: s3.delete, bucket: box, prefix: '' }",
                    "prefix: an empty prefix; expected a prefix of at least one character: an empty one means the"
                            + " whole bucket");
        }

        @Test
        void base64IsBase64() {
            assertRefused(
                    S3,
                    "{ type: s3.put, bucket: box, key: a, base64: 'AA!C' }",
                    "base64: 'AA!C' (Illegal base64 character 21); expected base64 such as 'AAEC'");
            assertRefused(
                    "{ protocol: aws.kinesis, region: eu-central-1, credentials: anonymous }",
                    "{ type: kinesis.put, stream: clicks, records: [{ base64: AAEC }, { base64: '?' }] }",
                    "records[1].base64: '?'");
        }

        @Test
        void onlyRowsAreStreamed() {
            assertRefused(
                    S3,
                    "{ type: s3.get, bucket: box, key: a, as: json, stream: true }",
                    "stream",
                    "'as: csv' or 'as: jsonl'");
        }

        @Test
        void aFileIsThere() {
            assertRefused(S3, "{ type: s3.put, bucket: box, key: a, file: nowhere.bin }", "file", "cannot be read");
        }

        @Test
        void somethingIsDeleted() {
            assertRefused(S3, "{ type: s3.delete, bucket: box }", "key", "keys", "prefix");
        }

        @Test
        void aQueueIsNoArn() {
            assertRefused(
                    SQS,
                    "{ type: sqs.send, queue: \"arn:aws:sqs:eu-central-1:1:q\", body: x }",
                    "queue",
                    "the last part of the ARN is the name");
        }

        @Test
        void aFifoQueueAsksForAGroup() {
            assertRefused(SQS, "{ type: sqs.send, queue: q.fifo, body: x }", "group_id", "a message group");
        }

        @Test
        void aStateMachineIsAnArn() {
            assertRefused(
                    "{ protocol: aws.sfn, region: eu-central-1, credentials: anonymous }",
                    "{ type: sfn.start, state_machine: orders }",
                    "state_machine",
                    "'orders'",
                    "an ARN such as");
        }
    }
}
