package io.turbulence.examples.comfy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Answers as ComfyUI does, without painting: `ComfyStub --port 8188`. `POST /prompt` queues a job, `/ws?clientId=…`
/// pushes
/// how it goes on to the client that queued it, `GET /history/ID` tells what came of it, `GET /view` has the image.
public final class ComfyStub extends Handler.Abstract {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final byte[] IMAGE = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private static final int STEPS = 4;
    private static final long STEP_NANOS = 20_000_000;

    private final Map<String, Client> clients = new ConcurrentHashMap<>();
    private final Map<String, Map<String, ?>> history = new ConcurrentHashMap<>();

    private ComfyStub() {}

    public static void main(String[] arguments) throws Exception {
        int at = List.of(arguments).indexOf("--port");
        int port = at < 0 ? 8188 : Integer.parseInt(arguments[at + 1]);
        ComfyStub stub = new ComfyStub();
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        WebSocketUpgradeHandler upgrades = WebSocketUpgradeHandler.from(
                server,
                container -> container.addMapping(
                        "/ws",
                        (request, response, callback) -> stub
                        .new Client(Request.extractQueryParameters(request).getValue("clientId"))));
        upgrades.setHandler(stub);
        server.setHandler(upgrades);
        server.start();
        server.join();
    }

    @Override
    public boolean handle(Request request, Response response, org.eclipse.jetty.util.Callback callback)
            throws Exception {
        String path = Request.getPathInContext(request);
        if (path.equals("/prompt") && request.getMethod().equals("POST")) {
            queue(request, response, callback);
        } else if (path.startsWith("/history/")) {
            String id = path.substring("/history/".length());
            answer(response, callback, 200, history.containsKey(id) ? Map.of(id, history.get(id)) : Map.of());
        } else if (path.equals("/view")) {
            view(request, response, callback);
        } else if (path.equals("/system_stats")) {
            answer(response, callback, 200, Map.of("system", Map.of("comfyui_version", "stub")));
        } else {
            answer(response, callback, 404, Map.of("error", "no such path"));
        }
        return true;
    }

    private void queue(Request request, Response response, org.eclipse.jetty.util.Callback callback) throws Exception {
        JsonNode body = JSON.readTree(Content.Source.asString(request));
        String clientId = body.path("client_id").asString("");
        if (body.path("prompt").isEmpty()) {
            answer(
                    response,
                    callback,
                    400,
                    Map.of(
                            "error",
                            Map.of("type", "no_prompt", "message", "No prompt provided"),
                            "node_errors",
                            Map.of()));
            return;
        }
        String id = UUID.randomUUID().toString();
        answer(response, callback, 200, Map.of("prompt_id", id, "number", history.size() + 1, "node_errors", Map.of()));
        Thread.ofVirtual().name("painter").start(() -> paint(id, clientId));
    }

    /// Node 3 samples, node 9 saves.
    private void paint(String id, String clientId) {
        tell(clientId, "execution_start", with(id, Map.of()));
        tell(clientId, "executing", with(id, Map.of("node", "3")));
        for (int step = 1; step <= STEPS; step++) {
            LockSupport.parkNanos(this, STEP_NANOS);
            tell(clientId, "progress", with(id, Map.of("node", "3", "value", step, "max", STEPS)));
        }
        Map<String, ?> output = Map.of(
                "images", List.of(Map.of("filename", "image_" + id + ".png", "subfolder", "", "type", "output")));
        history.put(id, Map.of("outputs", Map.of("9", output), "status", Map.of("completed", true)));
        Client client = clients.get(clientId);
        if (client != null) {
            client.preview();
        }
        tell(clientId, "executed", with(id, Map.of("node", "9", "output", output)));
        tell(clientId, "execution_success", with(id, Map.of()));
    }

    private void tell(String clientId, String type, Map<String, ?> data) {
        Client client = clients.get(clientId);
        if (client != null) {
            client.tell(type, data);
        }
    }

    private static Map<String, Object> with(String id, Map<String, ?> facts) {
        Map<String, Object> data = new LinkedHashMap<>(facts);
        data.put("prompt_id", id);
        return data;
    }

    private static void view(Request request, Response response, org.eclipse.jetty.util.Callback callback)
            throws Exception {
        Fields query = Request.extractQueryParameters(request);
        String file = query.getValue("filename");
        if (file == null || !file.startsWith("image_")) {
            answer(response, callback, 404, Map.of("error", "no such image"));
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "image/png");
        response.write(true, ByteBuffer.wrap(IMAGE), callback);
    }

    private static void answer(
            Response response, org.eclipse.jetty.util.Callback callback, int status, Map<String, ?> tree) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(JSON.writeValueAsBytes(tree)), callback);
    }

    /// One that listens.
    public final class Client extends Session.Listener.AbstractAutoDemanding {

        private final String id;

        private Client(@Nullable String id) {
            this.id = id == null ? UUID.randomUUID().toString() : id;
        }

        @Override
        public void onWebSocketOpen(Session session) {
            super.onWebSocketOpen(session);
            clients.put(id, this);
            tell("status", Map.of("status", Map.of("exec_info", Map.of("queue_remaining", 0)), "sid", id));
        }

        @Override
        public void onWebSocketClose(int code, String reason, org.eclipse.jetty.websocket.api.Callback callback) {
            clients.remove(id, this);
            callback.succeed();
        }

        void tell(String type, Map<String, ?> data) {
            Session session = getSession();
            if (session != null && session.isOpen()) {
                session.sendText(
                        JSON.writeValueAsString(Map.of("type", type, "data", data)),
                        org.eclipse.jetty.websocket.api.Callback.NOOP);
            }
        }

        /// As ComfyUI sends one: the kind of event and of image in front of it.
        void preview() {
            Session session = getSession();
            if (session != null && session.isOpen()) {
                ByteBuffer event = ByteBuffer.allocate(8 + IMAGE.length)
                        .putInt(1)
                        .putInt(2)
                        .put(IMAGE)
                        .flip();
                session.sendBinary(event, org.eclipse.jetty.websocket.api.Callback.NOOP);
            }
        }
    }
}
