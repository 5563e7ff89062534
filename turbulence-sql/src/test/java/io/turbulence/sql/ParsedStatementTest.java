package io.turbulence.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ParsedStatementTest {

    private static ParsedStatement postgres(String sql) {
        return ParsedStatement.parse(sql, Dialect.POSTGRESQL);
    }

    private static ParsedStatement mariadb(String sql) {
        return ParsedStatement.parse(sql, Dialect.MARIADB);
    }

    @Nested
    class Names {

        @Test
        void becomeQuestionMarksInOrder() {
            ParsedStatement parsed = postgres("select * from t where a = :a and (b=:b_2 or c in (:a,:c));");
            assertThat(parsed.text()).isEqualTo("select * from t where a = ? and (b=? or c in (?,?))");
            assertThat(parsed.names()).containsExactly("a", "b_2", "a", "c");
            assertThat(parsed.values()).isEqualTo(4);
            assertThat(parsed.distinctNames()).containsExactly("a", "b_2", "c");
        }

        @Test
        void areNotSeenInCasts() {
            assertThat(postgres("select :id::uuid, now()::date").text()).isEqualTo("select ?::uuid, now()::date");
            assertThat(postgres("select :id::uuid, now()::date").names()).containsExactly("id");
        }

        @Test
        void areNotSeenInQuotes() {
            ParsedStatement parsed = postgres("select ':a', 'it''s :b', \":c\", E'\\' :d', :e");
            assertThat(parsed.names()).containsExactly("e");
        }

        @Test
        void areNotSeenInComments() {
            ParsedStatement parsed = postgres("select /* :a /* :b */ :c */ 1 -- :d\n, :e");
            assertThat(parsed.names()).containsExactly("e");
            assertThat(mariadb("select 1 # :a\n, :b").names()).containsExactly("b");
            assertThat(mariadb("select /* /* */ :a").names()).containsExactly("a");
        }

        @Test
        void areNotSeenInDollarQuotes() {
            ParsedStatement parsed = postgres("do $$ :a $$; select $x$ :b $$ :c $x$ || :d");
            assertThat(parsed.names()).containsExactly("d");
        }

        @Test
        void areNotSeenInArrayBoundsAndKeys() {
            assertThat(postgres("select a[1:n], b[i:j] from t").names()).isEmpty();
            assertThat(ParsedStatement.parse("select {'a':b} from t where c = :c", Dialect.DUCKDB)
                            .names())
                    .containsExactly("c");
            assertThat(mariadb("select @a:=1").names()).isEmpty();
        }

        @Test
        void areNotSeenInBackticksAndBrackets() {
            assertThat(mariadb("select `a:b` from t where c = :c").names()).containsExactly("c");
            assertThat(ParsedStatement.parse("select [a :b] from t where c = :c", Dialect.SQLITE)
                            .names())
                    .containsExactly("c");
        }

        @Test
        void letBackslashesEndStringsWhereTheyAreNoEscapes() {
            assertThat(postgres("select 'a\\', :b, 'c'").names()).containsExactly("b");
            assertThat(mariadb("select 'a\\', :b, 'c'").names()).isEmpty();
        }
    }

    @Nested
    class QuestionMarks {

        @Test
        void areCounted() {
            ParsedStatement parsed = postgres("insert into t values (?, '?', ?)");
            assertThat(parsed.values()).isEqualTo(2);
            assertThat(parsed.named()).isFalse();
            assertThat(parsed.inserts()).isTrue();
        }

        @Test
        void areOperatorsWhenDoubledOrBesideNames() {
            assertThat(postgres("select a ?? 'b' from t where c = ?").values()).isEqualTo(1);
            ParsedStatement beside = postgres("select a ? 'b', a ?| :keys from t where c = :c");
            assertThat(beside.text()).isEqualTo("select a ?? 'b', a ??| ? from t where c = ?");
            assertThat(beside.values()).isEqualTo(2);
        }

        @Test
        void doNotMixWithNamesWhereTheyAreNoOperators() {
            assertThatThrownBy(() -> mariadb("select ? + :b"))
                    .hasMessage("the statement has both '?' and ':b' for values");
        }

        @Test
        void areNotReplacedByDollars() {
            assertThatThrownBy(() -> postgres("select $1")).hasMessage("the statement has '$1' for a value");
        }
    }

    @Test
    void knowsWhatInsertsWithoutReturning() {
        assertThat(postgres("-- first\n insert into t values (1)").inserts()).isTrue();
        assertThat(postgres("insert into t values (1) returning id").inserts()).isFalse();
        assertThat(postgres("insert into t values ('returning')").inserts()).isTrue();
        assertThat(postgres("update t set a = 1").inserts()).isFalse();
    }

    @Test
    void endsWhereQuotesAreNotClosed() {
        assertThat(postgres("select 'abc").text()).isEqualTo("select 'abc");
        assertThat(postgres("select /* abc").text()).isEqualTo("select /* abc");
        assertThat(postgres("select $x$ abc").text()).isEqualTo("select $x$ abc");
    }
}
