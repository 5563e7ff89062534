package io.turbulence.grpc;

import io.turbulence.api.DataSize;
import io.turbulence.api.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a command asks about a server's methods: the server itself, or the files that describe it.
final class Inquiry {

    static final String OPTIONS =
            "[--tls] [--insecure] [--ca FILE] [--cert FILE] [--key FILE] [--authority NAME] [-H 'name: value']"
                    + " [--proto FILE] [--import-path FOLDER] [--descriptor-set FILE]";

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final GrpcService service;
    private final List<String> words;

    private Inquiry(GrpcService service, List<String> words) {
        this.service = service;
        this.words = words;
    }

    /// The arguments that are no options, the target left out.
    List<String> words() {
        return words;
    }

    /// Runs something with a schema, over a channel when the server has to be asked.
    <T> T ask(Answer<T> answer) throws Exception {
        Schemas schemas = new Schemas();
        Schema schema = schemas.of(service);
        Deadline deadline = Deadline.after(LIMIT, "limit of 10 s");
        if (schema.isLocal()) {
            return answer.of(schema, null, deadline);
        }
        Channels channels = new Channels(schemas);
        GrpcChannel channel = channels.open(service, service.endpoint(), deadline);
        try {
            return answer.of(schema, channel, deadline);
        } finally {
            channels.close(channel);
        }
    }

    /// Uses a schema.
    interface Answer<T> {
        /// @param channel null when nobody has to be asked
        T of(Schema schema, @Nullable GrpcChannel channel, Deadline deadline) throws Exception;
    }

    /// @throws IllegalArgumentException when the arguments are wrong; its message says how
    static Inquiry of(List<String> arguments) {
        Reading reading = new Reading();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String option = arguments.get(i);
            int at = i + 1;
            Supplier<String> value = () -> {
                if (at >= arguments.size()) {
                    throw new IllegalArgumentException("'" + option + "' needs a value");
                }
                return arguments.get(at);
            };
            if (!option.startsWith("-")) {
                words.add(option);
            } else if (reading.takes(option, value)) {
                i++;
            }
        }
        boolean local = reading.proto != null || reading.descriptorSet != null;
        if (!local && words.isEmpty()) {
            throw new IllegalArgumentException("the target is missing, such as 'localhost:50051'");
        }
        // Files tell all, and nobody is asked; the target may be there all the same
        boolean hasTarget = !local
                || words.size() > 1
                || (words.size() == 1 && words.getFirst().contains(":"));
        String target = hasTarget ? words.removeFirst() : "localhost";
        Targets.endpoint("grpc", target, 1);
        return new Inquiry(reading.service(target), words);
    }

    private static final class Reading {

        private final Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        private final List<Path> importPaths = new ArrayList<>();
        private boolean tls;
        private boolean insecure;
        private @Nullable Path ca;
        private @Nullable Path cert;
        private @Nullable Path key;
        private @Nullable Path proto;
        private @Nullable Path descriptorSet;
        private @Nullable String authority;

        /// @return whether the option took a value
        boolean takes(String option, Supplier<String> value) {
            switch (option) {
                case "--tls" -> tls = true;
                case "--insecure" -> insecure = true;
                case "--ca" -> ca = Path.of(value.get());
                case "--cert" -> cert = Path.of(value.get());
                case "--key" -> key = Path.of(value.get());
                case "--authority" -> authority = value.get();
                case "--proto" -> proto = Path.of(value.get());
                case "--import-path" -> importPaths.add(Path.of(value.get()));
                case "--descriptor-set" -> descriptorSet = Path.of(value.get());
                case "-H" -> {
                    String[] parts = value.get().split(":", 2);
                    metadata.put(parts[0].strip(), parts.length < 2 ? "" : parts[1].strip());
                }
                default -> throw new IllegalArgumentException("unknown option '" + option + "'");
            }
            return !option.equals("--tls") && !option.equals("--insecure");
        }

        GrpcService service(String target) {
            boolean encrypted = tls || insecure || ca != null || cert != null;
            return new GrpcService(
                    target,
                    null,
                    null,
                    encrypted ? new GrpcService.Tls(true, ca, cert, key, insecure) : null,
                    authority,
                    metadata,
                    proto,
                    importPaths,
                    descriptorSet,
                    GrpcService.Reflection.AUTO,
                    DataSize.parse("4 MiB"),
                    null,
                    GrpcService.LoadBalancing.PICK_FIRST,
                    GrpcService.Compression.NONE,
                    null,
                    false);
        }
    }
}
