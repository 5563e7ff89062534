package io.turbulence.core.internal.result.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.definition.secret.SecretNames;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretMaskTest {

    @Nested
    class Names {

        private final SecretNames names = new SecretNames();

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "authorization",
                    "Authorization",
                    "Proxy-Authorization",
                    "cookie",
                    "Set-Cookie",
                    "set_cookie",
                    "api-key",
                    "API_KEY",
                    "apiKey",
                    "ApiKey",
                    "apikey",
                    "X-API-Key",
                    "x-api-key",
                    "token",
                    "access_token",
                    "accessToken",
                    "X-Auth-Token",
                    "id_token",
                    "secret",
                    "client_secret",
                    "clientSecret",
                    "password",
                    "db.password",
                    "dbPassword",
                    "PASSWORD",
                    "passwd",
                    "private_key",
                    "aws_secret_access_key",
                    "credentials",
                    "tokens"
                })
        void areSecretByOneOfTheirWords(String name) {
            assertThat(names.isSecret(name)).isTrue();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "tokenizer",
                    "secretary",
                    "key",
                    "primary_key",
                    "keyboard",
                    "authority",
                    "author",
                    "id",
                    "",
                    "-",
                    "cookieless",
                    "monkey",
                    "api",
                    "status_code",
                    "passwordless"
                })
        void areNoSecretByAPartOfAWord(String name) {
            assertThat(names.isSecret(name)).isFalse();
        }
    }

    @Nested
    class Texts {

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET /a?token=abc123&x=1                       | GET /a?token=***&x=1
            GET /a?access_token=abc123                    | GET /a?access_token=***
            user=joe&password=p%40ss&go=1                 | user=joe&password=***&go=1
            payload {"token":"abc \\"quoted\\" 123","n":1}  | payload {"token":"***","n":1}
            payload {"token" : "abc","n":1}               | payload {"token" : "***","n":1}
            {\\"token\\":\\"abc\\",\\"n\\":1}                     | {\\"token\\":\\"***\\",\\"n\\":1}
            password = 'abc def' was wrong                | password = '***' was wrong
            Authorization: Bearer eyJhbGciOi.J9-_x        | Authorization: Bearer ***
            sent Basic dXNlcjpwYXNz to the peer           | sent Basic *** to the peer
            Basic authentication failed                   | Basic authentication failed
            the token: it was refused                     | the token: it was refused
            status=200 took=12                            | status=200 took=12
            a == b and token == c                         | a == b and token == ***
            """)
        void loseWhatStandsUnderASecretName(String text, String masked) {
            assertThat(new SecretMask(List.of()).text(text)).isEqualTo(masked);
        }

        @Test
        void loseKnownValuesWhereverTheyStand() {
            SecretMask mask = new SecretMask(List.of("s3cr3t/value", "other-one"));

            assertThat(mask.text("ab s3cr3t/value cd other-one")).isEqualTo("ab *** cd ***");
            assertThat(mask.text("xs3cr3t/valuex")).isEqualTo("x***x");
            assertThat(mask.text("url-encoded s3cr3t%2Fvalue")).isEqualTo("url-encoded ***");
            assertThat(mask.text("base64 czNjcjN0L3ZhbHVl")).isEqualTo("base64 ***");
        }

        @Test
        void loseTheLongerOfTwoValuesFirst() {
            assertThat(new SecretMask(List.of("abcd", "abcdefgh")).text("abcdefgh abcd"))
                    .isEqualTo("*** ***");
        }

        @Test
        void loseAShortValueOnlyWhereItStandsAlone() {
            SecretMask mask = new SecretMask(List.of("ab"));

            assertThat(mask.text("ab")).isEqualTo("***");
            assertThat(mask.text("cabin")).isEqualTo("cabin");
        }

        @Test
        void keepEverythingWhenNothingIsSecret() {
            String text = "nothing";

            assertThat(new SecretMask(List.of("", " ")).text(text)).isSameAs(text);
        }
    }

    @Test
    void addsValuesOfAnInstance() {
        SecretMask mask = new SecretMask(List.of("of-the-run"));

        assertThat(mask.with(List.of("of-the-instance")).text("of-the-run of-the-instance"))
                .isEqualTo("*** ***");
        assertThat(mask.with(List.of())).isSameAs(mask);
        assertThat(mask.with(List.of("of-the-run"))).isSameAs(mask);
    }
}
