package io.turbulence.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turbulence.core.DefinitionException;
import io.turbulence.tck.PluginTestKit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong when it is loaded: nothing is opened then.
class ChecksTest {

    private static String told(String service, String step) {
        Throwable thrown = catchThrowable(
                () -> PluginTestKit.scenario("id: talk\nflow: [ { name: it, service: chat, " + step + " } ]")
                        .system("services: { chat: { protocol: websocket, " + service + " } }")
                        .with(new WebSocketPlugin())
                        .run());
        assertThat(thrown).isInstanceOf(DefinitionException.class);
        return String.valueOf(thrown.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "url: 'http://a/b' | 'http://a/b' is no URL that begins with 'ws://' or 'wss://'; expected a URL such"
                        + " as 'ws://localhost:8080/chat'. begin it with 'ws://a/b'",
                "url: 'ws:///b' | 'ws:///b' names no host; expected a URL such as 'ws://localhost:8080/chat'",
                "url: 'ws://a/#b' | 'ws://a/#b' has a fragment, which a WebSocket has not; expected a URL such as"
                        + " 'ws://localhost:8080/chat'",
                "url: 'ws://a', headers: {Sec-WebSocket-Key: x} | 'Sec-WebSocket-Key', which the handshake sets"
                        + " itself; expected other headers",
                "url: 'ws://a', headers: {Sec-WebSocket-Protocol: x} | subprotocols are offered with 'subprotocols: ["
                        + " … ]'",
                "url: 'ws://a', subprotocols: ['a b'] | 'a b'; expected names such as 'chat.v1'",
                "url: 'wss://a', tls: {ca: nowhere.pem} | nowhere.pem' cannot be read; expected a PEM file"
            })
    void refusesServices(String service, String expected) {
        assertThat(told(service, "type: ws.send, text: hello")).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "type: ws.close, code: 1005 | '1005'; expected a code that may be sent: 1000 to 1014, or 3000 to 4999",
                "type: ws.connect, path: rooms | 'rooms'; expected a path that begins with '/'",
                "type: ws.send | one of 'text', 'json', 'base64'",
                "type: ws.send, text: a, base64: b | 'text'",
                "type: ws.exchange, exchange: [{send: a, expect: true}] | 'send'",
                "type: ws.exchange | 'exchange'",
                "type: ws.await, count: 2, absent_for: 1s | 'count'",
                "type: ws.send, base64: 'AA!C' | 'AA!C' (Illegal base64 character 21); expected base64 such as 'AAEC'",
                "type: ws.exchange, exchange: [{base64: 'not base64!'}] | exchange[0].base64: 'not base64!'",
                "type: ws.exchange, exchange: [{base64: '!'}, {send: '{{uuid}}'}] | exchange[0].base64: '!'",
                "type: ws.exchange, exchange: [close, {send: a}] | 'close' before other turns; expected 'close' as the"
                        + " last turn",
                "type: graphql.subscribe, query: '' | an empty document; expected a document such as 'subscription {"
                        + " a }'"
            })
    void refusesSteps(String step, String expected) {
        assertThat(told("url: 'ws://a'", step)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "type: ws.close | the end of a connection that all instances share ('pool: {scope: run}'); expected no"
                        + " 'ws.close'",
                "type: ws.exchange, exchange: [{send: a}, close] | exchange[1]: 'close' of a connection that all"
                        + " instances share"
            })
    void refusesToCloseWhatAllShare(String step, String expected) {
        assertThat(told("url: 'ws://a', pool: {scope: run}", step)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "type: graphql.subscribe, query: 'subscription { a }' | the service offers the subprotocols chat.v1;"
                        + " expected 'graphql-transport-ws' among them"
            })
    void refusesSubscriptionsWhereAnotherSubprotocolIsOffered(String step, String expected) {
        assertThat(told("url: 'ws://a', subprotocols: [chat.v1]", step)).contains(expected);
    }
}
