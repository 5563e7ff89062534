package io.turbulence.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.turbulence.spi.Command;
import io.turbulence.spi.Json;
import io.turbulence.testkit.ClosedPort;
import io.turbulence.testkit.SimpleJson;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The commands that the plugin adds to the program.
class CommandsTest {

    private static TestServer server;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.with(
                builder -> {},
                new TestProtos("kinds.proto").service("kinds.Kinds"),
                ProtoReflectionServiceV1.newInstance());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private int run(String name, String... arguments) throws Exception {
        Command command = new GrpcPlugin()
                .commands().stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        return command.run(List.of(arguments), new Command.Context() {
            @Override
            public PrintWriter out() {
                return new PrintWriter(out, true);
            }

            @Override
            public PrintWriter err() {
                return new PrintWriter(err, true);
            }

            @Override
            public Json json() {
                return new SimpleJson();
            }
        });
    }

    private static String target() {
        return "127.0.0.1:" + server.port();
    }

    @Test
    void listsTheServicesOfAServer() throws Exception {
        assertThat(run("ls", target())).isZero();
        assertThat(out.toString().lines())
                .containsExactly("grpc.reflection.v1.ServerReflection", "grpc.testing.TestService", "kinds.Kinds");
    }

    @Test
    void listsTheMethodsOfAService() throws Exception {
        assertThat(run("ls", target(), "kinds.Kinds")).isZero();
        assertThat(out.toString().lines())
                .contains(
                        "rpc kinds.Kinds/Echo (kinds.Everything) returns (kinds.Everything)",
                        "rpc kinds.Kinds/Chat (stream kinds.Number) returns (stream kinds.Number)");
    }

    @Test
    void listsWhatFilesDescribeWithoutAServer() throws Exception {
        assertThat(run("ls", "--proto", TestProtos.file("kinds.proto").toString()))
                .isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("kinds.Kinds");
    }

    @Test
    void describesAMethodWithItsMessages() throws Exception {
        assertThat(run("describe", target(), "kinds.Kinds/Count")).isZero();
        assertThat(out.toString()).isEqualToNormalizingNewlines("""
            rpc kinds.Kinds/Count (kinds.Number) returns (stream kinds.Number)

            message kinds.Number {
              int64 value = 1;
            }
            """);
    }

    @Test
    void describesAMessageWithItsEnums() throws Exception {
        assertThat(run("describe", target(), "kinds.Everything")).isZero();
        assertThat(out.toString())
                .contains("  map<int32, kinds.Inner> inners = 16;")
                .contains("  repeated kinds.Color colors = 17;")
                .contains("  oneof choice {\n    string text = 18;\n    int32 number = 19;\n  }\n")
                .contains("  optional int32 maybe = 20;")
                .contains("enum kinds.Color {\n  NONE = 0;\n");
    }

    @Test
    void saysWhatItDoesNotKnow() throws Exception {
        assertThat(run("describe", target(), "kinds.Nothing")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines("turbulence grpc describe: unknown symbol 'kinds.Nothing'");
    }

    @Test
    void takesATargetBesideTheFilesThatDescribeItAndAsksNobody() throws Exception {
        String files = TestProtos.file("kinds.proto").toString();
        assertThat(run("ls", "127.0.0.1:1", "--proto", files)).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("kinds.Kinds");
        assertThat(run("ls", "localhost", "kinds.Kinds", "--proto", files)).isZero();
        assertThat(run("ls", "kinds.Kinds", "--proto", files)).isZero();
        assertThat(run("describe", "127.0.0.1:1", "kinds.Number", "--proto", files))
                .isZero();
        assertThat(run("describe", "kinds.Number", "--proto", files)).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void offersTheNameThatWasLikelyMeant() throws Exception {
        assertThat(run("ls", target(), "kinds.Kind")).isEqualTo(1);
        assertThat(run("describe", target(), "kinds.Numbr")).isEqualTo(1);
        assertThat(run("describe", target(), "kinds.Kinds/Cout")).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "turbulence grpc ls: unknown service 'kinds.Kind'. Did you mean 'kinds.Kinds'?",
                        "turbulence grpc describe: unknown symbol 'kinds.Numbr'. Did you mean 'kinds.Number'?",
                        "turbulence grpc describe: unknown symbol 'kinds.Kinds/Cout'. Did you mean"
                                + " 'kinds.Kinds/Count'?");
    }

    @Test
    void saysThatNobodyAnswers() throws Exception {
        try (ClosedPort port = ClosedPort.reserve()) {
            assertThat(run("ls", port.host() + ":" + port.port())).isEqualTo(1);
            assertThat(err.toString())
                    .startsWith("turbulence grpc ls: '127.0.0.1:%d' could not be reached: ".formatted(port.port()));
        }
    }

    @Test
    void saysHowItIsUsed() throws Exception {
        assertThat(run("ls")).isEqualTo(64);
        assertThat(run("describe", target())).isEqualTo(64);
        assertThat(run("ls", "--nothing", target())).isEqualTo(64);
        assertThat(err.toString())
                .contains("turbulence grpc ls: the target is missing, such as 'localhost:50051'")
                .contains("turbulence grpc describe: one service, method or message is needed, such as 'shop.Orders'")
                .contains("turbulence grpc ls: unknown option '--nothing'");
    }
}
