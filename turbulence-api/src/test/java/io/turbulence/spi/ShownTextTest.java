package io.turbulence.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShownTextTest {

    @Test
    void leavesATextThatIsShortEnough() {
        assertThat(ShownText.shortened("four", 4)).isEqualTo("four");
        assertThat(ShownText.beginning("four", 4)).isEqualTo("four");
    }

    @Test
    void saysThatSomethingIsMissing() {
        assertThat(ShownText.shortened("fives", 4)).isEqualTo("five…");
        assertThat(ShownText.beginning("fives", 4)).isEqualTo("five");
    }

    @Test
    void cutsBeforeAPairThatWouldBeTornApart() {
        assertThat(ShownText.shortened("a😀😀", 4)).isEqualTo("a😀…");
        assertThat(ShownText.shortened("😀😀😀", 4)).isEqualTo("😀😀…");
        assertThat(ShownText.beginning("😀", 1)).isEmpty();
    }

    @Test
    void keepsALoneSurrogateThatTheTextHas() {
        assertThat(ShownText.beginning("a\uD800b", 2)).isEqualTo("a\uD800");
    }
}
