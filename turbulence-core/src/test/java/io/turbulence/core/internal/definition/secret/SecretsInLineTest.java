package io.turbulence.core.internal.definition.secret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsInLineTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        base_url: "http://user:secretXYZ@127.0.0.1:80"         | base_url: "http://user:*********@127.0.0.1:80"
        headers: { Authorization: "Bearer LIT5", A: b }        | headers: { Authorization: "***********", A: b }
        password: PWLIT6                                       | password: ******
        db.password: 'it''s', user: x                          | db.password: '**''s', user: x
        api_key: 12345                                         | api_key: *****
        """)
    void hidesWhatStandsUnderASecretsName(String line, String shown) {
        assertThat(SecretsInLine.hidden(line)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "extract: { token: $.access_token }",
                "password: \"{{env.PASSWORD}}\"",
                "url: \"http://{{env.USER}}:{{env.PASSWORD}}@host\"",
                "tokenizer: plain",
                "- { name: get_token, type: http, path: /token }",
                "secret: [ a, b ]"
            })
    void leavesTheRestAsItIs(String line) {
        assertThat(SecretsInLine.hidden(line)).isEqualTo(line);
    }
}
