package io.turbulence.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.turbulence.api.FailureException;
import io.turbulence.spi.Command;
import java.util.List;

/// `turbulence grpc describe`: a service, a method with its messages, or a message, as in a `.proto` file.
final class DescribeCommand implements Command {

    private static final int WRONG_USAGE = 64;
    private static final int NOT_FOUND = 1;

    @Override
    public String name() {
        return "describe";
    }

    @Override
    public String summary() {
        return "Describes a service, a method or a message as in a .proto file. With --proto or --descriptor-set the"
                + " files tell it: no target is needed, and none is asked.";
    }

    @Override
    public String usage() {
        return "[TARGET] SYMBOL " + Inquiry.OPTIONS;
    }

    @Override
    public int run(List<String> arguments, Context context) throws Exception {
        Inquiry inquiry;
        try {
            inquiry = Inquiry.of(arguments);
            if (inquiry.words().size() != 1) {
                throw new IllegalArgumentException("one service, method or message is needed, such as 'shop.Orders'");
            }
        } catch (IllegalArgumentException e) {
            context.err().println("turbulence grpc describe: " + e.getMessage());
            return WRONG_USAGE;
        }
        String symbol = inquiry.words().getFirst();
        try {
            String text = inquiry.ask((schema, channel, deadline) -> {
                if (channel != null) {
                    schema.learnSymbol(symbol.split("/", 2)[0], channel, deadline);
                }
                String described = describe(schema, symbol);
                if (described.isEmpty()) {
                    String near = schema.near(symbol, channel, deadline);
                    context.err()
                            .println("turbulence grpc describe: unknown symbol '" + symbol + "'"
                                    + (near.isEmpty() ? "" : ". " + near));
                }
                return described;
            });
            if (text.isEmpty()) {
                return NOT_FOUND;
            }
            context.out().println(text);
            return 0;
        } catch (NoReflectionException | SchemaSourceException | FailureException e) {
            context.err().println("turbulence grpc describe: " + e.getMessage());
            return NOT_FOUND;
        }
    }

    /// Empty when there is nothing of the name.
    private static String describe(Schema schema, String symbol) {
        ServiceDescriptor service = schema.types().service(symbol);
        if (service != null) {
            return ProtoText.of(schema, service);
        }
        Descriptor type = schema.types().known(symbol);
        if (type != null) {
            return ProtoText.of(type);
        }
        try {
            Method method = schema.known(symbol);
            return ProtoText.signature(method) + "\n\n" + ProtoText.of(method.input())
                    + (method.input().equals(method.output()) ? "" : "\n\n" + ProtoText.of(method.output()));
        } catch (UnknownMethodException e) {
            return "";
        }
    }
}
