package io.turbulence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turbulence.core.PluginCheck;
import io.turbulence.spi.Command;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.Setting;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every plugin must do, seen as a whole and without network.
public abstract class PluginContractTck {

    private static final Pattern SECRET = Pattern.compile(
            ".*(password|passwd|secret|token|api_?key|credential|private_?key).*", Pattern.CASE_INSENSITIVE);

    /// A new object of the plugin's class.
    protected abstract ProtocolPlugin plugin();

    /// Components of settings records that sound secret and are not: `Service.tokenUrl`.
    protected Set<String> notSecret() {
        return Set.of();
    }

    /// Where the schemas of the plugin's settings are kept, so that a change of them is seen; written when the tests
    /// run
    /// with `-Dschema.update=true`. Nothing is compared while there is no such file.
    protected Path schemaFile() {
        return Path.of("src/test/resources/schema", plugin().info().name() + ".json");
    }

    @Test
    public void hasTheSchemaThatIsKept() throws IOException {
        String schema = PluginCheck.schema(plugin());
        Path file = schemaFile();
        if (Boolean.getBoolean("schema.update")) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, schema);
        }
        assumeTrue(
                Files.exists(file),
                () -> "no file '%s'; run the tests with -Dschema.update=true to keep one".formatted(file));
        assertThat(schema)
                .as("what is kept in '%s'; run the tests with -Dschema.update=true when the change is meant", file)
                .isEqualTo(Files.readString(file));
    }

    @Test
    public void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(ProtocolPlugin.class).stream().map(ServiceLoader.Provider::type))
                .as("annotate the class with @AutoService(ProtocolPlugin.class)")
                .contains(plugin().getClass());
    }

    @Test
    public void isAcceptedByAStrictHost() {
        assertThatCode(() -> PluginCheck.check(plugin())).doesNotThrowAnyException();
    }

    @Test
    public void tellsTheSameEachTime() {
        ProtocolPlugin plugin = plugin();
        assertThat(plugin.info()).isEqualTo(plugin.info()).isEqualTo(plugin().info());
        assertThat(types(plugin)).isEqualTo(types(plugin)).isEqualTo(types(plugin()));
        assertThat(protocols(plugin)).isEqualTo(protocols(plugin)).isEqualTo(protocols(plugin()));
    }

    @Test
    public void isBuiltAgainstThisApi() {
        assertThat(plugin().info().apiLevel())
                .as("give ProtocolPlugin.API_LEVEL, not a number, to PluginInfo.of")
                .isEqualTo(ProtocolPlugin.API_LEVEL);
    }

    @Test
    public void startsNoThreadWhenItIsLoaded() {
        ThreadWatch threads = new ThreadWatch(List.of());
        ProtocolPlugin plugin = plugin();
        types(plugin);
        protocols(plugin);
        plugin.commands();
        plugin.observers();
        threads.assertNoneLeft();
    }

    @Test
    public void contributesSomething() {
        ProtocolPlugin plugin = plugin();
        assertThat(plugin.actions().size()
                        + plugin.commands().size()
                        + plugin.observers().size()
                        + plugin.services().size())
                .as("actions, services, commands and observers together")
                .isPositive();
    }

    @Test
    public void documentsEverySetting() {
        assertThat(settings())
                .allSatisfy(component -> assertThat(component.getAnnotation(Setting.class))
                        .as("@Setting on %s", describe(component))
                        .isNotNull());
        assertThat(settings())
                .allSatisfy(component -> assertThat(
                                component.getAnnotation(Setting.class).value())
                        .as("text of @Setting on %s", describe(component))
                        .isNotBlank());
    }

    @Test
    public void marksSecretsAsSecret() {
        assertThat(settings())
                .filteredOn(component -> component.getType() == String.class)
                .filteredOn(component -> SECRET.matcher(component.getName()).matches())
                .filteredOn(component -> !notSecret().contains(describe(component)))
                .allSatisfy(component -> assertThat(
                                component.getAnnotation(Setting.class).secret())
                        .as("secret = true on %s, or name it in notSecret()", describe(component))
                        .isTrue());
    }

    @Test
    public void namesCommandsByTheRules() {
        assertThat(plugin().commands()).allSatisfy(command -> {
            assertThat(command.name()).matches("[a-z][a-z-]*");
            assertThat(command.summary()).isNotBlank();
        });
        assertThat(plugin().commands()).extracting(Command::name).doesNotHaveDuplicates();
    }

    private static List<String> types(ProtocolPlugin plugin) {
        return plugin.actions().stream().<String>map(ProtocolAction::type).toList();
    }

    private static List<String> protocols(ProtocolPlugin plugin) {
        return plugin.services().stream().<String>map(ServiceType::protocol).toList();
    }

    private static String describe(RecordComponent component) {
        return component.getDeclaringRecord().getSimpleName() + "." + component.getName();
    }

    /// The components of all settings records, nested ones included.
    private List<RecordComponent> settings() {
        ProtocolPlugin plugin = plugin();
        List<RecordComponent> found = new ArrayList<>();
        Set<Class<?>> seen = new HashSet<>();
        Stream.concat(
                        plugin.actions().stream().map(ProtocolAction::settings),
                        plugin.services().stream().map(ServiceType::settings))
                .forEach(type -> collect(type, found, seen));
        return found;
    }

    private static void collect(Type type, List<RecordComponent> found, Set<Class<?>> seen) {
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                collect(argument, found, seen);
            }
        } else if (type instanceof Class<?> record
                && record.isRecord()
                && !Matcher.class.isAssignableFrom(record)
                && !record.getPackageName().startsWith("io.turbulence.api")
                && seen.add(record)) {
            for (RecordComponent component : record.getRecordComponents()) {
                found.add(component);
                collect(component.getGenericType(), found, seen);
            }
        }
    }
}
