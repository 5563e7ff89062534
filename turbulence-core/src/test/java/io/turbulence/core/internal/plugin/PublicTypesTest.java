package io.turbulence.core.internal.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.util.AbstractList;
import org.junit.jupiter.api.Test;

class PublicTypesTest {

    /// What a plugin shows of its connections.
    public interface Shown extends AutoCloseable {}

    private static final class Kept implements Shown {
        @Override
        public void close() {}
    }

    private static final class KeptList extends AbstractList<String> {
        @Override
        public String get(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public int size() {
            return 0;
        }
    }

    @Test
    void namesTheClassWhenItIsPublic() throws Exception {
        try (Socket socket = new Socket()) {
            assertThat(PublicTypes.of(socket)).isEqualTo("'java.net.Socket'");
        }
    }

    @Test
    void namesWhatAClassOfThePluginsOwnIs() {
        assertThat(PublicTypes.of(new Kept())).isEqualTo("'" + Shown.class.getName() + "'");
        assertThat(PublicTypes.of(new KeptList())).isEqualTo("'java.util.AbstractList'");
    }

    @Test
    void saysWhenThereIsNone() {
        assertThat(PublicTypes.of(new Object() {})).startsWith("'java.lang.Object', for the plugin makes no type");
    }
}
