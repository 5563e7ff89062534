package io.turbulence.examples.chat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A chat with rooms of ten, as a program: `ChatServer --port 8080`. Who comes is put into the room that is being
/// filled, and
/// told when it is full; what somebody says goes to everybody in the room.
public final class ChatServer {

    private static final int SEATS = 10;
    private static final JsonMapper JSON = JsonMapper.shared();

    private Room filling = new Room(1);

    private ChatServer() {}

    public static void main(String[] arguments) throws Exception {
        int at = List.of(arguments).indexOf("--port");
        int port = at < 0 ? 8080 : Integer.parseInt(arguments[at + 1]);
        ChatServer chat = new ChatServer();
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setIdleTimeout(Duration.ofMinutes(5));
            container.addMapping(
                    "/chat",
                    (request, response, callback) ->
                            chat.new Guest(user(request.getHttpURI().getQuery())));
        }));
        server.start();
        server.join();
    }

    private static String user(@Nullable String query) {
        return query == null || !query.startsWith("user=") ? "nobody" : query.substring("user=".length());
    }

    /// @return the room; full when the guest took its last seat
    private synchronized Seat seat(Guest guest) {
        Room room = filling;
        room.guests.add(guest);
        boolean last = room.guests.size() == SEATS;
        if (last) {
            filling = new Room(room.number + 1);
        }
        return new Seat(room, last);
    }

    private record Seat(Room room, boolean last) {}

    private static final class Room {

        private final int number;
        private final List<Guest> guests = new CopyOnWriteArrayList<>();

        Room(int number) {
            this.number = number;
        }

        String name() {
            return "room-" + number;
        }

        void tell(Map<String, ?> message) {
            String text = JSON.writeValueAsString(message);
            guests.forEach(guest -> guest.tell(text));
        }
    }

    /// One user.
    public final class Guest extends Session.Listener.AbstractAutoDemanding {

        private final String user;
        private @Nullable Room room;

        private Guest(String user) {
            this.user = user;
        }

        @Override
        public void onWebSocketOpen(Session session) {
            super.onWebSocketOpen(session);
            Seat seat = seat(this);
            Room mine = seat.room();
            room = mine;
            tell(JSON.writeValueAsString(Map.of("type", "joined", "room", mine.name())));
            if (seat.last()) {
                mine.tell(Map.of("type", "full", "room", mine.name()));
            }
        }

        @Override
        public void onWebSocketText(String text) {
            JsonNode said = JSON.readTree(text);
            Room mine = room;
            if (mine != null) {
                mine.tell(Map.of(
                        "type",
                        "line",
                        "room",
                        mine.name(),
                        "user",
                        user,
                        "text",
                        said.path("text").asString("")));
            }
        }

        private void tell(String text) {
            Session session = getSession();
            if (session != null && session.isOpen()) {
                session.sendText(text, Callback.NOOP);
            }
        }
    }
}
