package io.turbulence.grpc;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/// Finds out whether a server that hung up speaks TLS, to tell why. Sends a greeting and looks at the first byte
/// of the answer.
final class TlsProbe {

    private static final int ALERT = 0x15;
    private static final int HANDSHAKE = 0x16;
    private static final Duration MOST = Duration.ofSeconds(5);

    private TlsProbe() {}

    static boolean speaksTls(Endpoint endpoint, Deadline deadline) {
        Deadline limit = deadline.within(MOST, "limit of 5 s");
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), limit.timeoutMillis());
            socket.setSoTimeout(limit.timeoutMillis());
            OutputStream out = socket.getOutputStream();
            out.write(greeting());
            out.flush();
            InputStream in = socket.getInputStream();
            int first = in.read();
            return first == ALERT || first == HANDSHAKE;
        } catch (IOException | GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] greeting() throws GeneralSecurityException, IOException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        ByteBuffer greeting = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), greeting);
        byte[] bytes = new byte[greeting.flip().remaining()];
        greeting.get(bytes);
        return bytes;
    }
}
