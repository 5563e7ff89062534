package io.turbulence.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Deadline;
import io.turbulence.testkit.FaultProxy.Way;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultProxyTest {

    private LocalServer server;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = LocalServer.start(socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
        proxy = FaultProxy.to(server.host(), server.port());
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.close();
    }

    @Test
    void passesManyBytesUnchangedBothWays() throws Exception {
        byte[] sent = new byte[1_000_000];
        new Random(1).nextBytes(sent);
        try (Socket client = connect()) {
            Thread.ofVirtual().name("sender").start(() -> send(client, sent));
            assertThat(client.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
        }
    }

    @Test
    void passesTheEndOfOneWayWhileTheOtherGoesOn() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream().write("bye".getBytes(UTF_8));
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("bye");
        }
        proxy.awaitOpen(0, soon());
    }

    @Test
    void delaysBytesByAtLeastTheLatencyOfBothWays() throws Exception {
        proxy.latency(Duration.ofMillis(50), Duration.ofMillis(20));
        try (Socket client = connect()) {
            long start = System.nanoTime();
            assertThat(echo(client, 'x')).isEqualTo('x');
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        }
    }

    @Test
    void keepsOrderUnderJitter() throws Exception {
        proxy.latency(Duration.ZERO, Duration.ofMillis(5));
        try (Socket client = connect()) {
            for (int i = 0; i < 50; i++) {
                client.getOutputStream().write(i);
            }
            for (int i = 0; i < 50; i++) {
                assertThat(client.getInputStream().read()).isEqualTo(i);
            }
        }
    }

    @Test
    void takesAtLeastAsLongAsTheBandwidthAllows() throws Exception {
        proxy.bandwidth(Way.TO_CLIENT, 100_000);
        try (Socket client = connect()) {
            long start = System.nanoTime();
            client.getOutputStream().write(new byte[20_000]);
            client.getInputStream().readNBytes(20_000);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        }
    }

    @Test
    void cutsTheAnswerAfterExactlySoManyBytes() throws Exception {
        proxy.cutAfter(Way.TO_CLIENT, 5);
        try (Socket client = connect()) {
            client.getOutputStream().write("0123456789".getBytes(UTF_8));
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("01234");
        }
    }

    @Test
    void cutsTheRequestAfterExactlySoManyBytes() throws Exception {
        proxy.cutAfter(Way.TO_SERVER, 0);
        try (Socket client = connect()) {
            client.getOutputStream().write('x');
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void resetsAfterSoManyBytes() throws Exception {
        proxy.resetAfter(Way.TO_CLIENT, 2);
        try (Socket client = connect()) {
            client.getOutputStream().write("0123".getBytes(UTF_8));
            assertThatThrownBy(() -> client.getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void resetsConnectionsThatStand() throws Exception {
        try (Socket client = connect()) {
            assertThat(echo(client, 'x')).isEqualTo('x');
            proxy.reset();
            assertThatThrownBy(() -> echo(client, 'y')).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void cutsConnectionsThatStand() throws Exception {
        try (Socket client = connect()) {
            assertThat(echo(client, 'x')).isEqualTo('x');
            proxy.cut();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(proxy.open()).isZero();
        }
    }

    @Test
    void swallowsBytesAsABlackHoleUntilHealed() throws Exception {
        try (Socket client = connect()) {
            assertThat(echo(client, 'x')).isEqualTo('x');
            proxy.blackHole();
            // Long enough for the proxy to swallow it
            client.setSoTimeout(1_000);
            assertThatThrownBy(() -> echo(client, 'y')).isInstanceOf(SocketTimeoutException.class);
            proxy.heal();
            client.setSoTimeout(10_000);
            assertThat(echo(client, 'z')).isEqualTo('z');
        }
    }

    @Test
    void holdsBackASenderThatIsNotReadFrom() throws Exception {
        proxy.stopReading(Way.TO_SERVER);
        try (Socket client = connect()) {
            Thread sender = Thread.ofVirtual().name("sender").start(() -> send(client, new byte[50_000_000]));
            assertThat(sender.join(Duration.ofMillis(300))).isFalse();
            proxy.reset();
            assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void keepsTheClientsSideOpenWhenTheServersSideIsLost() throws Exception {
        try (Socket client = connect()) {
            assertThat(echo(client, 'x')).isEqualTo('x');
            proxy.halfOpen();
            client.setSoTimeout(100);
            assertThatThrownBy(() -> echo(client, 'y')).isInstanceOf(SocketTimeoutException.class);
            assertThat(proxy.open()).isEqualTo(1);
        }
        proxy.awaitOpen(0, soon());
    }

    @Test
    void refusesAndAcceptsAgainOnTheSamePort() throws Exception {
        try (Socket standing = connect()) {
            assertThat(echo(standing, 'x')).isEqualTo('x');
            proxy.refuse();
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThat(echo(standing, 'y')).isEqualTo('y');
            proxy.heal();
            try (Socket again = connect()) {
                assertThat(echo(again, 'z')).isEqualTo('z');
            }
        }
    }

    @Test
    void countsConnections() throws Exception {
        try (Socket first = connect();
                Socket second = connect()) {
            echo(first, 'x');
            echo(second, 'x');
            proxy.awaitOpen(2, soon());
        }
        proxy.awaitOpen(0, soon());
        assertThat(proxy.total()).isEqualTo(2);
    }

    @Test
    void saysWhatWasOpenWhenAwaitingInVain() {
        assertThatThrownBy(() -> proxy.awaitOpen(3, Deadline.after(Duration.ZERO, "limit of 0 ms")))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("'proxy to /127.0.0.1:" + server.port()
                        + "' had 0 connections open but 3 were expected; limit of 0 ms passed");
    }

    @Test
    void resetsTheClientWhenTheServerIsNotThere() {
        server.close();
        assertThatThrownBy(() -> {
                    try (Socket client = connect()) {
                        echo(client, 'x');
                    }
                })
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void closesConnectionsAndPortWhenClosedTwice() throws Exception {
        try (Socket client = connect()) {
            echo(client, 'x');
            proxy.close();
            proxy.close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    }

    private Socket connect() throws IOException {
        Socket client = new Socket();
        client.connect(new InetSocketAddress(InetAddress.ofLiteral(proxy.host()), proxy.port()), 5000);
        return client;
    }

    private static char echo(Socket client, char sent) throws IOException {
        client.getOutputStream().write(sent);
        InputStream in = client.getInputStream();
        int read = in.read();
        if (read < 0) {
            throw new EOFException();
        }
        return (char) read;
    }

    private static void send(Socket client, byte[] bytes) {
        try {
            client.getOutputStream().write(bytes);
        } catch (IOException e) {
            // The receiving side of the test says what arrived
        }
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(10), "test limit of 10 s");
    }
}
