package io.turbulence.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What RFC-008 promises to plugins that were compiled earlier. A change that fails here needs a new API level.
class CompatibilityRulesTest {

    private static final Path SOURCES = Path.of("src/main/java");

    /// The cases over which plugins and core switch without `default`.
    private static final Map<Class<?>, List<String>> CLOSED = Map.of(
            Outcome.class, List.of("Completed", "Failed"),
            Payload.class, List.of("Bytes", "Document", "Empty", "Stream"),
            ConnectionFactory.class, List.of("Exclusive", "Negotiated", "Pooled", "Shared", "Subscribed"));

    /// What a plugin had to implement when it was compiled; everything later has a default.
    private static final Map<Class<?>, List<String>> IMPLEMENTED = Map.of(
            ProtocolPlugin.class, List.of("info"),
            ProtocolAction.class, List.of("connection", "execute", "settings", "type"),
            StepAction.class, List.of("settings", "type"),
            Subscription.class, List.of("close", "poll", "wakeup"),
            Command.class, List.of("name", "run", "summary", "usage"));

    @TestFactory
    Stream<DynamicTest> sealedTypesAreClosedForGood() {
        return CLOSED.entrySet().stream()
                .map(closed -> DynamicTest.dynamicTest(
                        closed.getKey().getSimpleName(),
                        () -> assertThat(closed.getKey().getPermittedSubclasses())
                                .extracting(Class::getSimpleName)
                                .containsExactlyInAnyOrderElementsOf(closed.getValue())));
    }

    @TestFactory
    Stream<DynamicTest> interfacesThatPluginsImplementGrowByDefaultMethodsOnly() {
        return IMPLEMENTED.entrySet().stream()
                .map(implemented -> DynamicTest.dynamicTest(
                        implemented.getKey().getSimpleName(),
                        () -> assertThat(Arrays.stream(implemented.getKey().getMethods())
                                        .filter(method -> Modifier.isAbstract(method.getModifiers()))
                                        .map(Method::getName)
                                        .distinct())
                                .containsExactlyInAnyOrderElementsOf(implemented.getValue())));
    }

    @Test
    void everySealedTypeIsAmongThem() throws Exception {
        List<Class<?>> open = new ArrayList<>();
        for (Class<?> type : types()) {
            if (type.isSealed() && Modifier.isPublic(type.getModifiers()) && !CLOSED.containsKey(type)) {
                open.add(type);
            }
        }
        assertThat(open).isEmpty();
    }

    @Test
    void whatIsDeprecatedSaysSinceWhen() throws Exception {
        for (Class<?> type : types()) {
            Stream.of(Stream.of(type), Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getFields()))
                    .flatMap(elements -> elements)
                    .map(element -> (AnnotatedElement) element)
                    .filter(element -> element.isAnnotationPresent(Deprecated.class))
                    .forEach(element -> assertThat(
                                    element.getAnnotation(Deprecated.class).since())
                            .as("@Deprecated(since = …) of %s", element)
                            .isNotEmpty());
        }
    }

    private static List<Class<?>> types() throws IOException, ClassNotFoundException {
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".java"))
                    .filter(one -> !one.endsWith("package-info.java"))
                    .sorted()
                    .toList()) {
                String name =
                        SOURCES.relativize(file).toString().replace('/', '.').replaceFirst("\\.java$", "");
                Class<?> type = Class.forName(name);
                types.add(type);
                types.addAll(List.of(type.getDeclaredClasses()));
            }
        }
        assertThat(types).hasSizeGreaterThan(30);
        return types;
    }
}
