package io.turbulence.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.turbulence.core.RunResult;
import io.turbulence.tck.PluginTestKit;
import io.turbulence.testkit.ClosedPort;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said when the files are loaded, with its place, before anything is sent.
class ChecksTest {

    private static final String TARGET = "target: \"127.0.0.1:1\"";

    private static void assertSays(String system, String step, String expected) {
        assertThatThrownBy(() -> PluginTestKit.scenario("id: one\nflow:\n" + step)
                        .system("services: { api: { protocol: grpc, %s } }".formatted(system))
                        .with(new GrpcPlugin())
                        .run())
                .hasMessageContaining(expected);
    }

    @Nested
    class OfSteps {

        private static void assertSays(String step, String expected) {
            ChecksTest.assertSays(TARGET + ", proto: \"" + TestProtos.file("kinds.proto") + "\"", step, expected);
        }

        @Test
        void nameAnUnknownMethod() {
            assertSays("  - { type: grpc, method: kinds.Kinds/Ecco }", """
                scenario.yaml:3:27: flow[0].method: the unknown method 'kinds.Kinds/Ecco'; expected a method of \
                'kinds.Kinds': kinds.Kinds/Echo, kinds.Kinds/Fail, kinds.Kinds/Count, kinds.Kinds/Forever, \
                kinds.Kinds/Sum, kinds.Kinds/Chat. Did you mean 'kinds.Kinds/Echo'?\
                """);
        }

        @Test
        void nameAnUnknownService() {
            assertSays("  - { type: grpc, method: kinds.Kind/Echo }", """
                scenario.yaml:3:27: flow[0].method: the unknown service 'kinds.Kind'; expected one of kinds.Kinds. \
                Did you mean 'kinds.Kinds'?\
                """);
        }

        @Test
        void nameAnUnknownField() {
            assertSays("  - { type: grpc, method: kinds.Kinds/Echo, message: { inner: { nam: x } } }", """
                scenario.yaml:3:65: flow[0].message.inner.nam: the unknown field 'nam'; expected a field of \
                'kinds.Inner' (name, next). Did you mean 'name'?\
                """);
        }

        @Test
        void nameAWrongTypeInAList() {
            assertSays("""
                  - type: grpc
                    method: kinds.Kinds/Echo
                    message:
                      tags: [ x, 5 ]
                """, "scenario.yaml:6:18: flow[0].message.tags[1]: 5; expected a text. Put it in quotes.");
        }

        @Test
        void nameAWrongTypeBesideTemplates() {
            assertSays(
                    """
                      - type: grpc
                        method: kinds.Kinds/Echo
                        message: { s: "{{run_id}}", i32: much }
                    """,
                    "scenario.yaml:5:38: flow[0].message.i32: the text 'much'; expected a whole number of 32 bits");
        }

        @Test
        void nameTwoFieldsOfAOneof() {
            assertSays(
                    "  - { type: grpc, method: kinds.Kinds/Echo, message: { text: a, number: 1 } }",
                    "flow[0].message.number: 'number' beside another field of 'choice'; expected at most one of them");
        }

        @Test
        void nameAWrongMessageOfAConversation() {
            assertSays(
                    "  - { type: grpc, method: kinds.Kinds/Chat, exchange: [ { send: { value: x } }, close ] }",
                    "flow[0].exchange[0].send.value: the text 'x'; expected a whole number of 64 bits");
        }

        @Test
        void nameAWrongMessageOfSeveral() {
            assertSays(
                    "  - { type: grpc, method: kinds.Kinds/Sum, messages: [ { value: 1 }, { valu: 2 } ] }",
                    "flow[0].messages[1].valu: the unknown field 'valu'");
        }

        @Test
        void nameTheWrongKindOfCall() {
            assertSays(
                    "  - { type: grpc, method: kinds.Kinds/Echo, messages: [ {}, {} ] }",
                    "flow[0].messages: several messages for 'kinds.Kinds/Echo', which takes one; expected 'message'");
            assertSays(
                    "  - { type: grpc, method: kinds.Kinds/Sum, max_messages: 3 }",
                    "flow[0].max_messages: 'max_messages' for 'kinds.Kinds/Sum', which answers with one message");
            assertSays(
                    "  - { type: grpc, method: kinds.Kinds/Echo, exchange: [ close ] }",
                    "flow[0].exchange: a conversation with 'kinds.Kinds/Echo', which does not stream");
        }

        @Test
        void nameAConversationThatCannotBe() {
            assertSays(
                    "  - { type: grpc, method: kinds.Kinds/Count, exchange: [ { send: { value: 1 } }, { send: { value:"
                            + " 2 } } ] }",
                    "flow[0].exchange[1].send: a second message for 'kinds.Kinds/Count', which takes one; expected one"
                            + " 'send'");
            assertSays(
                    "  - { type: grpc, method: kinds.Kinds/Count, exchange: [ { expect: \"true\" }, { send: { value: 1"
                            + " } } ] }",
                    "flow[0].exchange[0].expect: an answer of 'kinds.Kinds/Count' before the message that asks for it;"
                            + " expected 'send' before it");
        }

        @Test
        void nameADeadlineThatIsOverAtOnce() {
            assertSays(
                    "  - { type: grpc, method: kinds.Kinds/Echo, deadline: 0s }",
                    "flow[0].deadline: 0 s; expected a longer time");
        }

        @Test
        void nameMetadataThatCannotBeSent() {
            assertSays(
                    "  - { type: grpc, method: kinds.Kinds/Echo, metadata: { grpc-timeout: 1S } }",
                    "flow[0].metadata.grpc-timeout: 'grpc-timeout'; expected metadata that can be sent. names that"
                            + " begin with 'grpc-' are gRPC's own");
            assertSays(
                    "  - { type: grpc, method: kinds.Kinds/Echo, metadata: { x-bin: \"%%\" } }",
                    "its value is not base64, which a name that ends in '-bin' asks for");
        }

        @Test
        void nameWhatIsNoMethod() {
            assertSays(
                    "  - { type: grpc, method: Echo }",
                    "flow[0].method: 'Echo'; expected a method such as 'shop.Orders/Create'");
        }
    }

    /// What a server that describes its methods itself is asked before the first instance.
    @Nested
    class WithReflection {

        private static TestServer server;

        @BeforeAll
        static void start() throws Exception {
            server = TestServer.with(
                    builder -> {},
                    ProtoReflectionServiceV1.newInstance(),
                    new TestProtos("kinds.proto").service("kinds.Kinds"));
        }

        @AfterAll
        static void stop() throws Exception {
            server.close();
        }

        private static RunResult run(String system, String steps) throws Exception {
            return PluginTestKit.scenario("id: one\nflow:\n" + steps)
                    .system(system)
                    .with(new GrpcPlugin())
                    .run()
                    .run();
        }

        private static void assertSays(String steps, String... expected) throws Exception {
            RunResult result = run(server.system(), steps);
            assertThat(result.message()).contains(expected);
            assertThat(result.exitCode()).isEqualTo(3);
            assertThat(result.passed() + result.failed()).isZero();
        }

        @Test
        void allThatIsWrongIsToldWithItsPlaceAndNothingIsRun() throws Exception {
            assertSays(
                    """
                      - { type: grpc, method: kinds.Kinds/Echo, message: { s: fine } }
                      - { type: grpc, method: kinds.Kinds/Ecco }
                      - { type: grpc, method: Kinds/Echo }
                      - { type: grpc, method: kinds.Kinds/Echo, message: { inner: { nam: x } } }
                      - { type: grpc, method: kinds.Kinds/Echo, message: { s: "{{run_id}}", i32: much } }
                      - { type: grpc, method: kinds.Kinds/Sum, max_messages: 3 }
                      - { type: grpc, method: kinds.Kinds/Echo, messages: [ {}, {} ] }
                    """,
                    """
                    scenario.yaml:4:27: flow[1].method: the unknown method 'kinds.Kinds/Ecco'; expected a method of \
                    'kinds.Kinds': kinds.Kinds/Echo, kinds.Kinds/Fail, kinds.Kinds/Count, kinds.Kinds/Forever, \
                    kinds.Kinds/Sum, kinds.Kinds/Chat. Did you mean 'kinds.Kinds/Echo'?
                        - { type: grpc, method: kinds.Kinds/Ecco }
                                                ^
                    """.strip(),
                    """
                    scenario.yaml:5:27: flow[2].method: the unknown service 'Kinds'; expected one of \
                    grpc.reflection.v1.ServerReflection, grpc.testing.TestService, kinds.Kinds. \
                    Did you mean 'kinds.Kinds'?\
                    """,
                    """
                    scenario.yaml:6:65: flow[3].message.inner.nam: the unknown field 'nam'; expected a field of \
                    'kinds.Inner' (name, next). Did you mean 'name'?
                    """.strip(),
                    "scenario.yaml:7:78: flow[4].message.i32: the text 'much'; expected a whole number of 32 bits",
                    "scenario.yaml:8:58: flow[5].max_messages: 'max_messages' for 'kinds.Kinds/Sum', which answers with"
                            + " one message; expected a method that answers with a stream",
                    "scenario.yaml:9:55: flow[6].messages: several messages for 'kinds.Kinds/Echo', which takes one;"
                            + " expected 'message'");
        }

        @Test
        void aServerThatDescribesNothingIsAFault() throws Exception {
            try (TestServer mute = TestServer.with(builder -> {}, new io.grpc.BindableService[0])) {
                RunResult result = run(mute.system(), "  - { type: grpc, method: grpc.testing.TestService/EmptyCall }");
                assertThat(result.exitCode()).isEqualTo(3);
                assertThat(result.message())
                        .contains("scenario.yaml:3:27: flow[0].method: 'grpc.testing.TestService/EmptyCall' of a server"
                                + " that does not describe its methods: '127.0.0.1:%d' offers no server reflection;"
                                        .formatted(mute.port())
                                + " expected a service with 'proto' or 'descriptor_set', or a server with reflection");
            }
        }

        @Test
        void aServerThatIsAwayIsLeftToTheSteps() throws Exception {
            try (ClosedPort closed = ClosedPort.reserve()) {
                RunResult result = run(
                        "services: { api: { protocol: grpc, target: \"127.0.0.1:%d\" } }".formatted(closed.port()),
                        "  - { type: grpc, method: kinds.Kinds/Echo }");
                assertThat(result.exitCode()).isEqualTo(1);
                assertThat(result.failed()).isEqualTo(1);
            }
        }
    }

    @Nested
    class OfServices {

        private static final String STEP = "  - { type: grpc, method: a.B/C }";

        @Test
        void nameATargetThatIsNone() {
            assertSays("target: \"a:b:c/d\"", STEP, "services.api.target: 'a:b:c/d' is no target such as");
            assertSays("target: \"a:70000\"", STEP, "'a:70000' has the port '70000', which is not from 1 to 65535");
        }

        @Test
        void nameCertificatesThatAreMissing(@TempDir Path folder) {
            assertSays(
                    TARGET + ", tls: { cert: \"" + folder + "/none.pem\" }",
                    STEP,
                    "none.pem' cannot be read; expected a PEM file");
            assertSays(
                    TARGET + ", tls: { cert: \"" + folder + "/none.pem\" }",
                    STEP,
                    "services.api.tls: 'key' is missing; expected both 'cert' and 'key', or neither");
        }

        @Test
        void tellWhatProtocSays(@TempDir Path folder) throws Exception {
            Path wrong = Files.writeString(
                    folder.resolve("wrong.proto"), "syntax = \"proto3\";\nmessage A {\n  in x = 1;\n}\n");
            assertSays(
                    TARGET + ", proto: \"" + wrong + "\"",
                    STEP,
                    "services.api.proto: what protoc does not take: " + wrong
                            + ":3:3: \"in\" is not defined; expected files that compile");
        }

        @Test
        void tellOfImportsThatAreNotFound(@TempDir Path folder) throws Exception {
            Path wrong = Files.writeString(
                    folder.resolve("wrong.proto"), "syntax = \"proto3\";\nimport \"other/thing.proto\";\n");
            assertSays(TARGET + ", proto: \"" + wrong + "\"", STEP, "Name the folders of imports in 'import_paths'.");
        }

        @Test
        void findImportsInTheFoldersThatAreNamed(@TempDir Path folder) throws Exception {
            Path shared = Files.createDirectories(folder.resolve("shared/other"));
            Files.writeString(
                    shared.resolve("thing.proto"),
                    "syntax = \"proto3\";\npackage other;\nmessage Thing { string id = 1; }\n");
            Path own = Files.createDirectories(folder.resolve("own"));
            Files.writeString(own.resolve("things.proto"), """
                syntax = "proto3";
                package own;
                import "other/thing.proto";
                service Things { rpc Find(other.Thing) returns (other.Thing); }
                """);
            assertSays(
                    TARGET + ", proto: \"" + own + "/things.proto\", import_paths: [\"" + folder + "/shared\", \"" + own
                            + "\"]",
                    "  - { type: grpc, method: own.Things/Find, message: { idd: x } }",
                    "the unknown field 'idd'; expected a field of 'other.Thing' (id)");
        }

        @Test
        void tellOfAFileThatIsNoDescriptorSet(@TempDir Path folder) throws Exception {
            Path wrong = Files.writeString(folder.resolve("wrong.binpb"), "no descriptors");
            assertSays(
                    TARGET + ", descriptor_set: \"" + wrong + "\"",
                    STEP,
                    "wrong.binpb', which is no descriptor set; expected a descriptor set. Write it with 'protoc");
        }

        @Test
        void tellThatNothingDescribesTheMethods() {
            assertSays(
                    TARGET + ", reflection: off",
                    STEP,
                    "services.api.reflection: 'off' with neither 'proto' nor 'descriptor_set'");
        }
    }

    @Nested
    class OfSources {

        @Test
        void readADescriptorSetThatLeavesOutWhatProtobufBrings(@TempDir Path folder) throws Exception {
            byte[] set = Protoc.compile(TestProtos.file("kinds.proto"), java.util.List.of());
            com.google.protobuf.DescriptorProtos.FileDescriptorSet whole =
                    com.google.protobuf.DescriptorProtos.FileDescriptorSet.parseFrom(set);
            com.google.protobuf.DescriptorProtos.FileDescriptorSet.Builder part =
                    com.google.protobuf.DescriptorProtos.FileDescriptorSet.newBuilder();
            whole.getFileList().stream()
                    .filter(file -> !file.getName().startsWith("google/protobuf/"))
                    .forEach(part::addFile);
            Path file = Files.write(folder.resolve("part.binpb"), part.build().toByteArray());
            Schema schema = new Schemas().of(Services.described(Services.at("a:1"), null, file));
            assertThat(schema.known("kinds.Kinds/Echo").input().getFullName()).isEqualTo("kinds.Everything");
        }

        @Test
        void compileAFolderOfFiles() {
            Schema schema = new Schemas()
                    .of(Services.described(
                            Services.at("a:1"), TestProtos.file("kinds.proto").getParent(), null));
            assertThat(schema.known("kinds.Kinds/Chat").kind())
                    .isEqualTo(io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING);
            assertThat(schema.known("older.Orders.Echo").fullName()).isEqualTo("older.Orders/Echo");
        }

        @Test
        void areReadOnceForAllChannelsOfAService() {
            Schemas schemas = new Schemas();
            GrpcService service = Services.described(Services.at("a:1"), TestProtos.file("kinds.proto"), null);
            assertThat(schemas.of(service)).isSameAs(schemas.of(service));
        }
    }
}
