package io.turbulence.core.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Payload;
import io.turbulence.core.internal.definition.jsonpath.JsonPath;
import io.turbulence.spi.Matcher;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyedTest {

    private static Matcher path(String text, Object value) {
        return new MatcherNodes.Keyed(new MatcherNodes.Node(text, JsonPath.compile(text)), value);
    }

    @Test
    void tellsAPartThatIsMissingFromOneThatIsNull() {
        Map<String, Object> none = new HashMap<>();
        none.put("id", null);
        assertThat(path("$.id", 1).explain(Frame.of(Payload.document(none)))).isEqualTo("its $.id was null");
        assertThat(path("$.id", 1).explain(Frame.of(Payload.document(Map.of("other", 1)))))
                .isEqualTo("it had no $.id");
        Matcher key = new MatcherNodes.Keyed(new MatcherNodes.Fact(List.of("key")), "a");
        assertThat(key.explain(Frame.of(Metadata.of("key", "b"), Payload.empty())))
                .isEqualTo("its key was \"b\"");
        assertThat(key.explain(Frame.of(Payload.empty()))).isEqualTo("it had no key");
    }

    @Test
    void isShownAsItIsWritten() {
        assertThat(path("$.id", 1)).hasToString("{jsonpath: $.id, equals: 1}");
        assertThat(new MatcherNodes.Keyed(new MatcherNodes.Fact(List.of("key")), "a"))
                .hasToString("{key: a}");
        assertThat(new MatcherNodes.Keyed(new MatcherNodes.Fact(List.of("headers", "source")), "test"))
                .hasToString("{header: {source: test}}");
    }
}
