package io.turbulence.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptTest {

    private static List<String> texts(String sql, Dialect dialect) {
        return Script.parse(sql, dialect).statements().stream()
                .map(Script.Statement::text)
                .toList();
    }

    @Test
    void splitsAtSemicolonsOutsideQuotesAndComments() {
        assertThat(texts("insert into t values (';'); -- one; two\nselect $$a;b$$ ; /* ; */ ;", Dialect.POSTGRESQL))
                .containsExactly("insert into t values (';')", "select $$a;b$$");
    }

    @Test
    void tellsTheLineOfEachStatement() {
        Script script = Script.parse("\n-- first\nselect 1;\n\nselect\n2", Dialect.H2);
        assertThat(script.statements())
                .containsExactly(new Script.Statement("select 1", 3), new Script.Statement("select\n2", 5));
    }

    @Test
    void keepsBodiesOfRoutinesWhole() {
        String trigger = "create trigger t after insert on a begin update b set c = case when 1 then 2 end; end";
        assertThat(texts(trigger + "; select 1", Dialect.SQLITE)).containsExactly(trigger, "select 1");
        String procedure =
                "create procedure p() begin if a then set b = 1; end if; case a when 1 then set c = 1; end case;"
                        + " while a do set d = 1; end while; end";
        assertThat(texts(procedure + "; call p()", Dialect.MARIADB)).containsExactly(procedure, "call p()");
    }

    @Test
    void takesBeginOutsideRoutinesForAStatement() {
        assertThat(texts("begin; select 1; commit", Dialect.POSTGRESQL)).containsExactly("begin", "select 1", "commit");
    }

    @Test
    void hasNoStatementInNothing() {
        assertThat(texts(" ; -- nothing\n ;", Dialect.H2)).isEmpty();
    }
}
