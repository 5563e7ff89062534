package io.turbulence.http;

import static io.turbulence.http.Http1ExchangeTest.failed;
import static io.turbulence.http.Http1ExchangeTest.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JourneyTest {

    private static String answer(String status, String... fields) {
        return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n"
                + String.join("", List.of(fields).stream().map(f -> f + "\r\n").toList()) + "\r\n";
    }

    static String firstLine(String request) {
        return request.substring(0, request.indexOf("\r\n"));
    }

    private static HttpService service(int port, boolean cookies, HttpService.@Nullable Proxy proxy) {
        return new HttpService("http://127.0.0.1:" + port, Map.of(), "auto", cookies, null, null, proxy, true, null);
    }

    @Nested
    class Redirects {

        /// Answers /a with this status and a way to /b, anything else with 200.
        private Script redirecting(String status, String location) throws IOException {
            return new Script(peer -> {
                while (peer.request()) {
                    String line = firstLine(peer.last());
                    peer.send(line.contains(" /a ") ? answer(status, "Location: " + location) : answer("200 OK"));
                }
            });
        }

        @Test
        void areAnswersWhenNotFollowed() throws IOException {
            try (Script script = redirecting("302 Found", "/b");
                    Host host = Host.at(script.port())) {
                assertThat(status(host.get("/a"))).isEqualTo("302");
            }
        }

        @Test
        void areFollowedOnTheSameConnection() throws IOException {
            try (Script script = redirecting("302 Found", "b?x=1#top");
                    Host host = Host.at(script.port())) {
                Observation observation =
                        host.send(Requests.to("GET", "/a").following(3).build());

                assertThat(status(observation)).isEqualTo("200");
                assertThat(observation.metadata().get("url")).isEqualTo("http://127.0.0.1:" + script.port() + "/b?x=1");
                assertThat(script.requests.stream().map(JourneyTest::firstLine))
                        .containsExactly("GET /a HTTP/1.1", "GET /b?x=1 HTTP/1.1");
                assertThat(host.opened).isEqualTo(1);
            }
        }

        @Test
        void turnAPostIntoAGet() throws IOException {
            try (Script script = redirecting("303 See Other", "/b");
                    Host host = Host.at(script.port())) {
                host.send(Requests.to("POST", "/a").body("text").following(3).build());

                assertThat(script.requests.get(1)).startsWith("GET /b ").doesNotContain("Content-", "text/plain");
            }
        }

        @Test
        void repeatAPostWhereTheMethodStays() throws IOException {
            try (Script script = redirecting("307 Temporary Redirect", "/b");
                    Host host = Host.at(script.port())) {
                host.send(Requests.to("POST", "/a").body("text").following(3).build());

                assertThat(script.requests.get(1)).startsWith("POST /b ").endsWith("\r\n\r\ntext");
            }
        }

        @Test
        void goToAnotherHostWithoutCredentials() throws IOException {
            try (Script other = Script.answering(answer("200 OK"));
                    Script script = redirecting("302 Found", "http://127.0.0.1:" + other.port() + "/there");
                    Host host = Host.at(script.port())) {
                Requests request = Requests.to("GET", "/a")
                        .following(3)
                        .header("X-Kept", "1")
                        .header("X-API-Key", "k-1")
                        .header("X-Auth-Token", "t-1")
                        .auth(new Auth(new Auth.Basic("ann", "pass"), null, null));

                assertThat(status(host.send(request.build()))).isEqualTo("200");
                assertThat(script.requests.getFirst()).contains("Authorization: Basic YW5uOnBhc3M=\r\n");
                assertThat(other.requests.getFirst())
                        .startsWith("GET /there ")
                        .contains("X-Kept: 1\r\n")
                        .doesNotContain("Authorization", "X-API-Key", "X-Auth-Token");
            }
        }

        @Test
        void endAtTheLimit() throws IOException {
            try (Script script = redirecting("302 Found", "/a");
                    Host host = Host.at(script.port())) {
                Observation observation =
                        host.send(Requests.to("GET", "/a").following(2).build());

                assertThat(failed(observation).failure()).isEqualTo(Failure.PROTOCOL);
                assertThat(failed(observation).message())
                        .isEqualTo("'127.0.0.1:" + script.port() + "' redirects to 'http://127.0.0.1:" + script.port()
                                + "/a' after 2 redirects; raise max_redirects if this is no loop");
                assertThat(script.requests).hasSize(3);
            }
        }
    }

    @Nested
    class CookiesOfAnInstance {

        @Test
        void comeBackToTheServerThatSetThem() throws IOException {
            try (Script script = new Script(peer -> {
                        while (peer.request()) {
                            peer.send(answer("200 OK", "Set-Cookie: a=1; Path=/", "Set-Cookie: b=2; Path=/x"));
                        }
                    });
                    Host host = new Host(service(script.port(), true, null))) {
                host.get("/");
                host.get("/x/y");
                host.get("/z");

                assertThat(script.requests.get(0)).doesNotContain("Cookie");
                assertThat(script.requests.get(1)).contains("Cookie: b=2; a=1\r\n");
                assertThat(script.requests.get(2)).contains("Cookie: a=1\r\n");
            }
        }

        @Test
        void areNotKeptUnlessAskedFor() throws IOException {
            try (Script script = Script.answering(answer("200 OK", "Set-Cookie: a=1; Path=/"));
                    Host host = Host.at(script.port())) {
                host.get("/");
                host.get("/");

                assertThat(script.requests.get(1)).doesNotContain("Cookie");
            }
        }

        @Test
        void travelThroughARedirect() throws IOException {
            try (Script script = new Script(peer -> {
                        while (peer.request()) {
                            peer.send(
                                    firstLine(peer.last()).contains("/login")
                                            ? answer("302 Found", "Location: /home", "Set-Cookie: s=1; Path=/")
                                            : answer("200 OK"));
                        }
                    });
                    Host host = new Host(service(script.port(), true, null))) {
                host.send(Requests.to("GET", "/login").following(3).build());

                assertThat(script.requests.get(1)).contains("Cookie: s=1\r\n");
            }
        }
    }

    @Nested
    class Credentials {

        @Test
        void giveWayToAFieldOfTheUser() throws IOException {
            try (Script script = Script.answering(answer("200 OK"));
                    Host host = Host.at(script.port())) {
                host.send(Requests.to("GET", "/")
                        .header("authorization", "Mine")
                        .auth(new Auth(null, "token", null))
                        .build());
                host.send(Requests.to("GET", "/")
                        .auth(new Auth(null, "token", null))
                        .build());

                assertThat(script.requests.get(0))
                        .contains("authorization: Mine\r\n")
                        .doesNotContain("Bearer");
                assertThat(script.requests.get(1)).contains("Authorization: Bearer token\r\n");
            }
        }

        @Test
        void fetchATokenOnceForTheRun() throws IOException {
            String token = "{\"access_token\": \"abc\", \"token_type\": \"Bearer\", \"expires_in\": 3600}";
            try (Script issuer = Script.answering(
                            "HTTP/1.1 200 OK\r\nContent-Length: " + token.length() + "\r\n\r\n" + token);
                    Script script = Script.answering(answer("200 OK"));
                    Host host = Host.at(script.port())) {
                Auth auth = new Auth(
                        null,
                        null,
                        new Auth.OAuth2(
                                "http://127.0.0.1:" + issuer.port() + "/token", "me", "s:1", "orders:read", null));
                host.send(Requests.to("GET", "/1").auth(auth).build());
                host.send(Requests.to("GET", "/2").auth(auth).build());

                assertThat(issuer.requests).hasSize(1);
                assertThat(issuer.requests.getFirst())
                        .startsWith("POST /token ")
                        .contains("Authorization: Basic bWU6cyUzQTE=\r\n")
                        .endsWith("\r\n\r\ngrant_type=client_credentials&scope=orders%3Aread");
                assertThat(script.requests).hasSize(2).allMatch(r -> r.contains("Authorization: Bearer abc\r\n"));
            }
        }

        /// Gives out tokens t1, t2, … and takes only those from the lowest on.
        private Script issuer(int lowest) throws IOException {
            AtomicInteger given = new AtomicInteger();
            return new Script(peer -> {
                while (peer.request()) {
                    if (peer.last().startsWith("POST /token")) {
                        String token = "{\"access_token\": \"t" + given.incrementAndGet() + "\"}";
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + token.length() + "\r\n\r\n" + token);
                    } else {
                        String shown = peer.last().replaceFirst("(?s).*Authorization: Bearer t(\\d+).*", "$1");
                        peer.send(answer(Integer.parseInt(shown) < lowest ? "401 Unauthorized" : "200 OK"));
                    }
                }
            });
        }

        private long tokens(Script script) {
            return script.requests.stream()
                    .filter(request -> request.startsWith("POST /token"))
                    .count();
        }

        private final Auth oauth2 = new Auth(null, null, new Auth.OAuth2("/token", "me", "s", null, null));

        @Test
        void renewATokenThatIsRefused() throws IOException {
            try (Script script = issuer(2);
                    Host host = Host.at(script.port())) {
                assertThat(status(host.send(Requests.to("POST", "/a")
                                .body("once")
                                .auth(oauth2)
                                .build())))
                        .isEqualTo("200");
                assertThat(status(
                                host.send(Requests.to("GET", "/b").auth(oauth2).build())))
                        .isEqualTo("200");

                assertThat(tokens(script)).isEqualTo(2);
                assertThat(script.requests.stream().filter(request -> request.startsWith("POST /a")))
                        .hasSize(2)
                        .allMatch(request -> request.endsWith("\r\n\r\nonce"));
            }
        }

        @Test
        void renewATokenOnTheWayToo() throws IOException {
            try (Script script = issuer(2);
                    Host host = Host.at(script.port())) {
                assertThat(status(host.send(Requests.to("GET", "/a")
                                .following(3)
                                .auth(oauth2)
                                .build())))
                        .isEqualTo("200");
            }
        }

        @Test
        void doNotRenewForEverWhatIsRefusedAllTheSame() throws IOException {
            try (Script script = issuer(100);
                    Host host = Host.at(script.port())) {
                for (int i = 0; i < 5; i++) {
                    assertThat(status(host.send(
                                    Requests.to("GET", "/a").auth(oauth2).build())))
                            .isEqualTo("401");
                }
                assertThat(tokens(script)).isEqualTo(2);
            }
        }

        @Test
        void leaveATokenOfTheUsersAlone() throws IOException {
            try (Script script = Script.answering(answer("401 Unauthorized"));
                    Host host = Host.at(script.port())) {
                host.send(Requests.to("GET", "/a")
                        .auth(new Auth(null, "mine", null))
                        .build());

                assertThat(script.requests).hasSize(1);
            }
        }

        @Test
        void sayWhyThereIsNoToken() throws IOException {
            try (Script script = Script.answering(answer("401 Unauthorized"));
                    Host host = Host.at(script.port())) {
                Auth auth = new Auth(null, null, new Auth.OAuth2("/token", "me", "s", null, null));

                assertThat(failed(host.send(Requests.to("GET", "/").auth(auth).build()))
                                .message())
                        .isEqualTo(
                                "no token came from 'http://127.0.0.1:" + script.port() + "/token': it answered 401");
            }
        }
    }

    @Nested
    class Proxies {

        @Test
        void readTheWholeUrl() throws IOException {
            try (Script proxy = Script.answering(answer("200 OK"));
                    Host host = new Host(new HttpService(
                            "http://shop.invalid:8080/v1",
                            Map.of(),
                            "auto",
                            false,
                            null,
                            null,
                            new HttpService.Proxy("http://127.0.0.1:" + proxy.port(), "u", "p"),
                            true,
                            null))) {
                assertThat(status(host.get("/a"))).isEqualTo("200");
                assertThat(proxy.requests.getFirst())
                        .startsWith("GET http://shop.invalid:8080/v1/a HTTP/1.1\r\nHost: shop.invalid:8080\r\n")
                        .contains("Proxy-Authorization: Basic dTpw\r\n");
            }
        }

        @Test
        void areAskedForAWayThrough() throws IOException {
            try (Script proxy = Script.answering(answer("407 Proxy Authentication Required"));
                    Host host = new Host(new HttpService(
                            "https://shop.invalid",
                            Map.of(),
                            "auto",
                            false,
                            null,
                            null,
                            new HttpService.Proxy("http://127.0.0.1:" + proxy.port(), null, null),
                            true,
                            null))) {
                Observation observation = host.get("/a");

                assertThat(failed(observation).failure()).isEqualTo(Failure.CONNECT);
                assertThat(failed(observation).message())
                        .isEqualTo("proxy '127.0.0.1:" + proxy.port()
                                + "' does not lead to 'shop.invalid:443': it answered 407 Proxy Authentication"
                                + " Required");
                assertThat(proxy.requests.getFirst())
                        .startsWith("CONNECT shop.invalid:443 HTTP/1.1\r\nHost: shop.invalid:443\r\n");
            }
        }
    }
}
