package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.StringEntry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/// Core knows no protocol, not even by name: what looks like it is declared by the plugin. This reads the string
/// constants of core's compiled classes, so Javadoc and comments do not count; a message may mention a protocol, a word
/// that stands alone may not.
class ProtocolNamesTest {

    /// A protocol's name, alone or as the first part of a dotted, dashed or underscored name or of a URL.
    private static final Pattern PROTOCOL = Pattern.compile(
            "(https?|grpc|kafka|sql|jdbc|websocket|wss?|sse|aws|s3|sqs|sns|dynamodb|kinesis|amqp|rabbitmq|redis|mqtt|nats|mongodb|graphql|thrift)"
                    + "([._:/-]\\S*)?",
            Pattern.CASE_INSENSITIVE);

    /// Settings and facts that belong to one protocol.
    private static final Set<String> PROTOCOL_WORDS = Set.of(
            "base_url", "default_headers", "status_code", "x-correlation-id", "content-type", "bootstrap_servers");

    /// An address in a message or a schema decides nothing.
    private static final Pattern ADDRESS = Pattern.compile("https?://[\\w.-]+\\.(org|com|io|net)(/\\S*)?");

    /// Answers those who scrape figures, which is no step of a scenario, with the JDK's server.
    private static final String METRICS_ENDPOINT = "MetricsEndpoint.class";

    @Test
    void noStringConstantOfCoreIsTheNameOfAProtocol() throws Exception {
        assertThat(classes().stream().flatMap(ProtocolNamesTest::protocolNames).sorted())
                .isEmpty();
    }

    @Test
    void wordsThatStandAloneAreFound() {
        assertThat(List.of("http", "HTTP", "kafka.await", "grpc-metadata", "sql:", "status_code"))
                .allMatch(ProtocolNamesTest::isProtocolName);
        assertThat(List.of("a message about http", "https://json-schema.org/draft/2020-12/schema", "sequel", "state"))
                .noneMatch(ProtocolNamesTest::isProtocolName);
    }

    private static Stream<String> protocolNames(Path file) {
        ClassModel model = parse(file);
        return StreamSupport.stream(model.constantPool().spliterator(), false)
                .filter(StringEntry.class::isInstance)
                .map(entry -> ((StringEntry) entry).stringValue())
                .filter(ProtocolNamesTest::isProtocolName)
                .map(name -> model.thisClass().asInternalName().replace('/', '.') + ": \"" + name + "\"");
    }

    private static boolean isProtocolName(String text) {
        return (PROTOCOL.matcher(text).matches() && !ADDRESS.matcher(text).matches())
                || PROTOCOL_WORDS.contains(text.toLowerCase(Locale.ROOT));
    }

    private static List<Path> classes() throws IOException, URISyntaxException {
        Path root = Path.of(ProtocolNamesTest.class.getResource("/").toURI()).resolveSibling("classes");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".class") && !file.endsWith(METRICS_ENDPOINT))
                    .toList();
        }
    }

    private static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
