package io.turbulence.aws;

import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import org.jspecify.annotations.Nullable;

/// What can be said about a service when it is loaded.
final class ServiceChecks {

    private static final String STS = "software.amazon.awssdk.services.sts.StsClient";

    private ServiceChecks() {}

    /// @param client   the class of the SDK that speaks to it
    /// @param artifact where that class is
    static <S extends Record & AwsService> void check(Preparation<S> service, String client, String artifact) {
        Problems problems = service.problems();
        if (isMissing(client)) {
            missing("", artifact, problems);
        }
        service.settings().ifPresent(settings -> {
            String endpoint = settings.endpoint();
            if (endpoint != null && Places.flaw(endpoint) != null) {
                problems.error("endpoint", "'" + endpoint + "'", "an address such as 'http://localhost:9090'", null);
            } else if (settings.region() != null && !settings.region().matches("[A-Za-z0-9-]+")) {
                problems.error("region", "'" + settings.region() + "'", "a region such as 'eu-central-1'", null);
            } else if (Places.knownRegion(settings).isEmpty()) {
                problems.error(
                        "region",
                        "neither 'region' nor AWS_REGION nor a profile's region",
                        "a region such as 'eu-central-1'",
                        null);
            }
            credentials(settings.credentials(), problems);
        });
    }

    private static void credentials(@Nullable Credentials credentials, Problems problems) {
        if (credentials == null) {
            return;
        }
        if ((credentials.accessKeyId() == null) != (credentials.secretAccessKey() == null)) {
            String missing = credentials.accessKeyId() == null ? "access_key_id" : "secret_access_key";
            problems.error(
                    "credentials",
                    "'" + missing + "' is missing",
                    "both 'access_key_id' and 'secret_access_key'",
                    null);
        }
        if (credentials.assumeRole() == null) {
            return;
        }
        if (credentials.from() == Credentials.Source.ANONYMOUS) {
            problems.error("credentials.assume_role", "nobody to take on a role", "credentials beside it", null);
        }
        if (isMissing(STS)) {
            missing("credentials.assume_role", "sts", problems);
        }
    }

    private static void missing(String key, String artifact, Problems problems) {
        problems.error(
                key.isEmpty() ? "protocol" : key,
                "the AWS SDK's '%s' is not there".formatted(artifact),
                "software.amazon.awssdk:%s beside turbulence-aws".formatted(artifact),
                "'turbulence plugin install io.turbulence:turbulence-aws:VERSION' brings all of them");
    }

    private static boolean isMissing(String type) {
        try {
            Class.forName(type, false, ServiceChecks.class.getClassLoader());
            return false;
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            return true;
        }
    }
}
