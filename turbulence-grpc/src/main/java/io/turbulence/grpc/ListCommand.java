package io.turbulence.grpc;

import io.turbulence.api.FailureException;
import io.turbulence.spi.Command;
import java.util.List;

/// `turbulence grpc ls`: the services of a server, or the methods of one.
final class ListCommand implements Command {

    private static final int WRONG_USAGE = 64;
    private static final int NOT_FOUND = 1;

    @Override
    public String name() {
        return "ls";
    }

    @Override
    public String summary() {
        return "Lists the services of a server, or the methods of one of them. With --proto or --descriptor-set the"
                + " files tell them: no target is needed, and none is asked.";
    }

    @Override
    public String usage() {
        return "[TARGET] [SERVICE] " + Inquiry.OPTIONS;
    }

    @Override
    public int run(List<String> arguments, Context context) throws Exception {
        Inquiry inquiry;
        try {
            inquiry = Inquiry.of(arguments);
            if (inquiry.words().size() > 1) {
                throw new IllegalArgumentException("one service at most: " + inquiry.words());
            }
        } catch (IllegalArgumentException e) {
            context.err().println("turbulence grpc ls: " + e.getMessage());
            return WRONG_USAGE;
        }
        try {
            return inquiry.ask((schema, channel, deadline) -> {
                if (inquiry.words().isEmpty()) {
                    List<String> names = channel == null ? schema.knownServices() : schema.services(channel, deadline);
                    names.forEach(context.out()::println);
                    return 0;
                }
                String service = inquiry.words().getFirst();
                if (channel != null) {
                    schema.learnSymbol(service, channel, deadline);
                }
                List<Method> methods = schema.methods(service);
                methods.forEach(method -> context.out().println(ProtoText.signature(method)));
                if (methods.isEmpty()) {
                    String near = schema.near(service, channel, deadline);
                    context.err()
                            .println("turbulence grpc ls: unknown service '" + service + "'"
                                    + (near.isEmpty() ? "" : ". " + near));
                    return NOT_FOUND;
                }
                return 0;
            });
        } catch (NoReflectionException | SchemaSourceException | FailureException e) {
            context.err().println("turbulence grpc ls: " + e.getMessage());
            return NOT_FOUND;
        }
    }
}
