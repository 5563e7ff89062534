package io.turbulence.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdbcUrlTest {

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db.local/shop, db.local:5432, false",
        "jdbc:postgresql://db.local:6000/shop?user=a&password=b, db.local:6000, false",
        "jdbc:postgresql:shop, localhost:5432, false",
        "'jdbc:mariadb://a.local:1,b.local:2/shop', a.local:1, false",
        "jdbc:mysql://root:secret@db.local/shop, db.local:3306, false",
        "jdbc:sqlserver://db.local;databaseName=x, db.local:1433, false",
        "jdbc:oracle:thin:@//db.local:1522/x, db.local:1522, false",
        "jdbc:postgresql://[::1]:5433/x, [::1]:5433, false",
        "jdbc:h2:tcp://db.local/mem:x, db.local:9092, false",
        "jdbc:h2:mem:x;MODE=PostgreSQL, mem:x, false",
        "jdbc:h2:./data/x, ./data/x, true",
        "jdbc:sqlite:data/x.db, data/x.db, true",
        "jdbc:duckdb:, memory, true"
    })
    void tellsThePlaceAndWhetherItsCodeHoldsThreads(String text, String place, boolean nativeCode) {
        JdbcUrl url = JdbcUrl.parse(text);
        assertThat(url.place().authority()).isEqualTo(place);
        assertThat(url.nativeCode()).isEqualTo(nativeCode);
    }

    @Test
    void showsNothingThatMayBeSecret() {
        assertThat(JdbcUrl.parse("jdbc:mysql://root:secret@db.local/shop?password=secret")
                        .shown())
                .isEqualTo("jdbc:mysql://db.local/shop");
        assertThat(JdbcUrl.parse("jdbc:h2:mem:x;PASSWORD=secret").shown()).isEqualTo("jdbc:h2:mem:x");
        assertThat(new Database("jdbc:mysql://root:secret@h/x", "u", "hidden", java.util.Map.of("a", "secret"), null))
                .hasToString("database at jdbc:mysql://h/x");
    }

    @Test
    void refusesWhatIsNone() {
        assertThatThrownBy(() -> JdbcUrl.parse("postgresql://localhost/x"))
                .hasMessage("'postgresql://localhost/x' is no JDBC URL");
        assertThatThrownBy(() -> JdbcUrl.parse("jdbc:postgresql://localhost:99999/x"))
                .hasMessage("port 99999 in 'jdbc:postgresql://localhost:99999/x' is above 65535");
    }
}
