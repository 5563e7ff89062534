package io.turbulence.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AccountTest {

    @Test
    void tellsAnExchangeWithACommandThatRepeatsIt() throws IOException {
        try (Script script = Script.answering(
                        "HTTP/1.1 201 Created\r\nX-A: 1\r\nSet-Cookie: s=1\r\nContent-Length: 4\r\n\r\n[\n1]");
                Host host = Host.at(script.port())) {
            host.verbose = true;
            Requests request = Requests.to("POST", "/orders?x=1")
                    .header("User-Agent", "me")
                    .header("Accept", "a/b")
                    .header("X-Api-Key", "hidden")
                    .json(Map.of("a", "it's"));
            request.propagate = false;
            host.send(request.build());

            String url = "http://127.0.0.1:" + script.port() + "/orders?x=1";
            assertThat(host.told)
                    .containsExactly(
                            "> POST " + url,
                            "> User-Agent: me",
                            "> Accept: a/b",
                            "> X-Api-Key: ***",
                            "> Content-Type: application/json",
                            "> ",
                            "> {\"a\":\"it's\"}",
                            "curl -X POST '" + url + "' -H 'User-Agent: me' -H 'Accept: a/b' -H 'X-Api-Key: ***'"
                                    + " -H 'Content-Type: application/json' --data-binary '{\"a\":\"it'\\''s\"}'",
                            "< HTTP/1.1 201 Created",
                            "< X-A: 1",
                            "< Set-Cookie: ***",
                            "< Content-Length: 4",
                            "< ",
                            "< [",
                            "< 1]");
        }
    }

    @Test
    void tellsWhyThereIsNoAnswer() throws IOException {
        try (Script script = Script.closingAfter("");
                Host host = Host.at(script.port())) {
            host.verbose = true;
            host.get("/");

            assertThat(host.told.getLast())
                    .isEqualTo(
                            "! '127.0.0.1:" + script.port()
                                    + "' closed the connection before its answer was complete; 0 bytes of the answer had arrived");
        }
    }
}
