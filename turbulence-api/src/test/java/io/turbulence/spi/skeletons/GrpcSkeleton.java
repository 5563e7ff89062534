package io.turbulence.spi.skeletons;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Frame;
import io.turbulence.api.Headers;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import io.turbulence.api.StreamBounds;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Command;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Phase;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// gRPC: one channel for many holders, all four kinds of call, a stream whose end carries the status,
/// checks at load against the descriptors, and a command.
@SuppressWarnings("DoNotCallSuggester")
public final class GrpcSkeleton implements ProtocolPlugin {

    private static final Transport GRPC = Transport.of("grpc");
    private static final Channels CHANNELS = new Channels();

    @Override
    public PluginInfo info() {
        return PluginInfo.of("grpc", "1", API_LEVEL);
    }

    @Override
    public List<ServiceType<?>> services() {
        return List.of(ServiceType.of("grpc", Target.class)
                .impliedBy("target")
                .defaultAction("grpc")
                .shorthands("trailers")
                .status("status_code", Map.of("OK", 0, "NOT_FOUND", 5)));
    }

    @Override
    public List<ProtocolAction<?, ?>> actions() {
        return List.of(new Call());
    }

    @Override
    public List<Command> commands() {
        return List.of(new ListMethods());
    }

    record Target(
            @Setting(value = "Host and port.", templates = Setting.Templates.LOAD)
            String target,

            @Setting("Metadata of every call.") Map<String, String> metadata,

            @Setting(value = "Where methods are described.", templates = Setting.Templates.LOAD) @Nullable
            Path descriptorSet,

            @Setting("Encryption.") @Nullable Tls tls) {}

    record Tls(
            @Setting(value = "Authorities that are trusted.", whenScalar = true) @Nullable
            Path ca,

            @Setting(value = "Whether certificates are not checked.")
            boolean insecureSkipVerify) {}

    @OneOf({"message", "messages"})
    record Step(
            @Setting(value = "package.Service/Method.", templates = Setting.Templates.LOAD)
            String method,

            @Setting(value = "The message.", aliases = "body") @Nullable
            Object message,

            @Setting("Messages of a client stream.") List<Object> messages,

            @Setting(value = "Metadata.", inherits = "metadata", ignoreCase = true)
            Map<String, String> metadata,

            @Setting("Where a stream ends.") @Nullable Matcher until,

            @Setting(value = "Most messages.", defaultValue = "0", range = "0..")
            long maxMessages,

            @Setting("Longest silence.") @Nullable Duration idleTimeout) {}

    private static final class Call implements ProtocolAction<Step, Channel> {

        @Override
        public String type() {
            return "grpc";
        }

        @Override
        public Class<Step> settings() {
            return Step.class;
        }

        @Override
        public ConnectionFactory<?, Channel> connection() {
            return CHANNELS;
        }

        @Override
        public void prepare(Preparation<Step> step) {
            Target target = step.service(Target.class);
            step.constant("method", String.class)
                    .filter(method -> method.indexOf('/') < 0)
                    .ifPresent(method -> step.problems()
                            .error("method", "'" + method + "'", "package.Service/Method", "Methods of " + target));
        }

        @Override
        public Observation execute(Step step, Channel channel, ActionContext context) throws Exception {
            ClientCall call = channel.call(step.method(), step.metadata(), context.deadline());
            context.onCancel(call::cancel);
            for (Object message : step.messages()) {
                call.send(message);
            }
            call.halfClose();
            context.mark(Phase.SENT);
            Headers headers = call.headers();
            context.mark(Phase.FIRST_BYTE);
            if (context.verbose()) {
                context.tell("< " + headers);
            }
            Matcher until = step.until();
            StreamBounds bounds =
                    new StreamBounds(step.maxMessages(), step.idleTimeout(), until == null ? null : until::matches);
            return Observation.answered(
                    GRPC, true, "OK", Metadata.of("headers", headers), Payload.stream(new Messages(call), bounds));
        }
    }

    // region stream
    private record Messages(ClientCall call) implements PayloadStream {

        @Override
        public @Nullable Frame next(Deadline deadline) throws Exception {
            Object message = call.receive(deadline);
            return message == null ? null : Frame.of(Payload.document(message));
        }

        @Override
        public Ending ending() {
            Status status = call.status();
            return new Ending(
                    new Outcome.Completed(status.code() == 0, status.name()),
                    Metadata.builder()
                            .put("status_code", status.code())
                            .put("trailers", call.trailers())
                            .build());
        }

        @Override
        public void close() {
            call.cancel();
        }
    }
    // endregion

    private static final class Channels implements ConnectionFactory.Shared<Target, Channel> {

        @Override
        public Class<Target> settings() {
            return Target.class;
        }

        @Override
        public Endpoint endpoint(Target target) {
            return Endpoint.of("grpc", target.target(), 443);
        }

        @Override
        public void prepare(Preparation<Target> service) {
            if (service.pool().min() > 1) {
                service.problems().warning("pool.min", "more than one channel", "One carries many calls.");
            }
        }

        @Override
        public Channel open(Target target, OpenContext context) throws Exception {
            Channel channel = Channel.connect(context.endpoint(), context.deadline());
            context.mark(Phase.CONNECTED);
            return channel;
        }

        @Override
        public void close(Channel channel) throws Exception {
            channel.close();
        }

        @Override
        public boolean isHealthy(Channel channel, Deadline deadline) {
            return channel.usable();
        }
    }

    private static final class ListMethods implements Command {

        @Override
        public String name() {
            return "methods";
        }

        @Override
        public String summary() {
            return "Lists the methods of a server.";
        }

        @Override
        public String usage() {
            return "TARGET";
        }

        @Override
        public int run(List<String> arguments, Context context) {
            if (arguments.size() != 1) {
                context.err().println("one target is needed");
                return 64;
            }
            context.out().println(context.json().writeText(arguments));
            return 0;
        }
    }

    record Status(int code, String name) {}

    interface ClientCall {
        void send(Object message);

        void halfClose();

        void cancel();

        Headers headers();

        @Nullable
        Object receive(Deadline deadline) throws Exception;

        Status status();

        Headers trailers();
    }

    interface Channel extends AutoCloseable {
        static Channel connect(Endpoint endpoint, Deadline deadline) {
            throw new UnsupportedOperationException(endpoint + " " + deadline);
        }

        ClientCall call(String method, Map<String, String> metadata, Deadline deadline);

        boolean usable();
    }
}
