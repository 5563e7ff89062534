package io.turbulence.core.internal.result.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WellFormedTest {

    @Test
    void leavesAWellFormedTextAsItIs() {
        String text = "a😀é";

        assertThat(WellFormed.of(text)).isSameAs(text);
    }

    @Test
    void replacesHalvesWithoutAPartner() {
        assertThat(WellFormed.of("a\uD800b")).isEqualTo("a\uFFFDb");
        assertThat(WellFormed.of("\uDE00😀\uD83D")).isEqualTo("\uFFFD😀\uFFFD");
        assertThat(WellFormed.of("\uD83D\uD83D\uDE00\uDE00")).isEqualTo("\uFFFD😀\uFFFD");
        assertThat(WellFormed.utf8("\uD800")).isEqualTo("\uFFFD".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void cutsColumnsAtWholeCharacters() {
        assertThat(Style.fit("a😀😀😀", 5)).isEqualTo("a😀…");
        assertThat(Style.cut("a😀😀😀", 2)).isEqualTo("a😀");
        assertThat(Style.cut("😀😀😀", 2)).isEqualTo("😀😀");
    }
}
