package io.turbulence.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.tck.PluginTestKit;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each service's SDK is needed only by who uses the service.
class OptionalServicesTest {

    private static final String SYSTEM = """
        services:
          files: { protocol: aws.s3, region: eu-central-1, endpoint: "http://127.0.0.1:1", credentials: anonymous }
        """;

    private static final String SCENARIO = """
        id: some
        flow: [ { name: head, type: s3.head, bucket: box, key: thing } ]
        """;

    /// The plugin and what it needs, but none of these artifacts.
    private static ProtocolPlugin without(List<String> artifacts) throws Exception {
        URL[] classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(path -> artifacts.stream()
                        .noneMatch(artifact -> path.getFileName().toString().matches(artifact + "-\\d.*")))
                .map(OptionalServicesTest::url)
                .toArray(URL[]::new);
        return (ProtocolPlugin) Class.forName(AwsPlugin.class.getName(), true, new OwnClasses(classPath))
                .getConstructor()
                .newInstance();
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Shares the API with the host, as a plugin folder's loader does, and has all else for itself.
    private static final class OwnClasses extends URLClassLoader {

        OwnClasses(URL[] classPath) {
            super(classPath, ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean shared = name.startsWith("io.turbulence.spi.")
                    || name.startsWith("io.turbulence.api.")
                    || name.startsWith("org.jspecify.");
            return shared
                    ? OptionalServicesTest.class.getClassLoader().loadClass(name)
                    : super.loadClass(name, resolve);
        }
    }

    @Test
    void thoseThatAreNotUsedMayBeMissing() throws Exception {
        PluginTestKit.Result result = PluginTestKit.scenario(SCENARIO)
                .system(SYSTEM)
                .with(without(List.of("sqs", "kinesis", "sfn", "sts")))
                .run();

        assertThat(result.observations("head").getFirst()).containsEntry("failure", "CONNECT");
    }

    @Test
    void oneThatIsUsedIsToldToBeMissing() throws Exception {
        ProtocolPlugin plugin = without(List.of("s3", "sqs", "kinesis", "sfn", "sts"));
        assertThatThrownBy(() -> PluginTestKit.scenario(SCENARIO)
                        .system(SYSTEM)
                        .with(plugin)
                        .run())
                .hasMessageContaining("the AWS SDK's 's3' is not there")
                .hasMessageContaining("software.amazon.awssdk:s3 beside turbulence-aws");
    }
}
