package io.turbulence.core.internal.definition.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SettingsTypeTest {

    private static final String RECORD = SettingsTypeTest.class.getName() + "$";

    record Keys(
            String baseURL,
            int maxBody,
            @Setting(value = "", key = "other") @Nullable String renamed) {}

    @Test
    void namesKeysAfterComponents() {
        assertThat(SettingsType.of(Keys.class).keys()).containsExactly("base_url", "max_body", "other");
    }

    record Unknown(Set<String> names) {}

    @Test
    void refusesAnUnknownType() {
        assertUnbindable(
                Unknown.class,
                "component 'names' of settings record '" + RECORD
                        + "Unknown' cannot be bound from YAML: its type is 'java.util.Set<java.lang.String>' but it"
                        + " must be text, int, long, double, boolean, an enum, Duration, DataSize, Path, Matcher,"
                        + " Object, another record, or a List or Map<String, …> of these");
    }

    record Generic<T>(T value) {}

    @Test
    void refusesTypeParameters() {
        assertUnbindable(
                Generic.class,
                "settings record '" + RECORD
                        + "Generic' cannot be bound from YAML: it must be a record without type parameters");
    }

    record WrongDefault(
            @Setting(value = "", defaultValue = "soon") Duration wait1) {}

    @Test
    void refusesADefaultThatDoesNotFit() {
        assertUnbindable(
                WrongDefault.class,
                "component 'wait1' of settings record '" + RECORD
                        + "WrongDefault' cannot be bound from YAML: its default 'soon' does not fit: text 'soon';"
                        + " expected a duration such as '500ms', '5s' or '1m30s'");
    }

    record WrongRange(@Setting(value = "", range = "5-7") int count) {}

    @Test
    void refusesARangeThatIsNone() {
        assertUnbindable(
                WrongRange.class,
                "component 'count' of settings record '" + RECORD
                        + "WrongRange' cannot be bound from YAML: its range was '5-7' but it must be like '1..100',"
                        + " '0..' or '..9'");
    }

    record RangeOfSwitch(
            @Setting(value = "", range = "0..1") boolean flag) {}

    @Test
    void refusesARangeOfWhatHasNone() {
        assertUnbindable(
                RangeOfSwitch.class,
                "component 'flag' of settings record '" + RECORD
                        + "RangeOfSwitch' cannot be bound from YAML: it has a range, but its type is true or false");
    }

    record FileOfText(@Setting(value = "", fileKey = "file") String body) {}

    @Test
    void refusesAFileKeyOfWhatIsNoTree() {
        assertUnbindable(
                FileOfText.class,
                "component 'body' of settings record '" + RECORD
                        + "FileOfText' cannot be bound from YAML: it has a 'fileKey', but its type is no 'Object'");
    }

    record SameKey(
            String name,
            @Setting(value = "", aliases = "name") String title) {}

    @Test
    void refusesOneKeyForTwoComponents() {
        assertUnbindable(
                SameKey.class,
                "component 'title' of settings record '" + RECORD
                        + "SameKey' cannot be bound from YAML: the key 'name' stands for another component too");
    }

    @OneOf({"a", "b"})
    record WrongGroup(@Nullable String a) {}

    @Test
    void refusesAGroupOfUnknownKeys() {
        assertUnbindable(
                WrongGroup.class,
                "settings record '" + RECORD
                        + "WrongGroup' cannot be bound from YAML: '@OneOf' names 'b', which is none of its keys");
    }

    record TwoScalars(
            @Setting(value = "", whenScalar = true) String a,
            @Setting(value = "", whenScalar = true) String b) {}

    @Test
    void refusesTwoMeaningsOfAPlainValue() {
        assertUnbindable(
                TwoScalars.class,
                "settings record '" + RECORD
                        + "TwoScalars' cannot be bound from YAML: a plain value can mean one component only, but [a,"
                        + " b] have 'whenScalar'");
    }

    record Tree(String name, List<Tree> children, Map<String, ? extends Tree> named) {}

    @Test
    void bindsRecordsThatHoldThemselves() {
        assertThat(SettingsType.of(Tree.class).keys()).containsExactly("name", "children", "named");
    }

    private static void assertUnbindable(Class<? extends Record> record, String message) {
        assertThatThrownBy(() -> SettingsType.of(record))
                .isInstanceOf(UnbindableSettingsException.class)
                .hasMessage(message);
    }
}
