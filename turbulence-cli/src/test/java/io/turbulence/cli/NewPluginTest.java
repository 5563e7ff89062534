package io.turbulence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What `new plugin` writes is what this build compiles and tests: the Guide's plugin, and the project of
/// `examples/plugin-redis`. That it passes as a project of its own, `.ci/consumer-check` shows.
@DisabledOnOs(OS.WINDOWS)
class NewPluginTest {

    private static final Path GUIDE = Path.of("../turbulence-tck/src/test/java/com/example/echo");

    @TempDir
    Path folder;

    private Program program;

    @BeforeEach
    void start() {
        program = new Program(folder);
    }

    @Test
    void writesAWholeProject() throws IOException {
        assertThat(write("echo"))
                .isEqualTo(new Program.Result(0, "Written: project\nTry: cd project && mvn verify\n", ""));
        assertThat(files())
                .containsExactly(
                        ".gitignore",
                        "README.md",
                        "pom.xml",
                        "src/main/java/com/example/echo/EchoPlugin.java",
                        "src/test/java/com/example/echo/EchoPluginTest.java");
    }

    @Test
    void writesThePluginOfTheGuideAndItsTests() throws IOException {
        write("echo");

        assertThat(program.read("project/src/main/java/com/example/echo/EchoPlugin.java"))
                .isEqualTo(guide("EchoPlugin.java"));
        assertThat(program.read("project/src/test/java/com/example/echo/EchoPluginTest.java"))
                .isEqualTo(guide("EchoPluginTest.java"));
    }

    /// Who writes the files by hand, as the Guide says, has the same ones.
    @Test
    void isWhatTheBlocksOfTheGuideMakeTogether() throws IOException {
        write("echo");
        String rfc = Files.readString(Path.of("../rfcs/RFC-001-action-plugin-interface.md"));
        String text = rfc.substring(rfc.indexOf("## Guide"), rfc.indexOf("## Reference"));
        List<String> blocks = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(lines(blocks.get(0) + blocks.get(1) + blocks.get(2) + "}"))
                .containsExactlyInAnyOrderElementsOf(
                        lines(program.read("project/src/main/java/com/example/echo/EchoPlugin.java")));
        assertThat(lines(blocks.get(3)))
                .containsExactlyElementsOf(
                        lines(program.read("project/src/test/java/com/example/echo/EchoPluginTest.java")));
        assertThat(blocks).hasSize(4);
    }

    private static List<String> lines(String java) {
        return java.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("// region") && !line.equals("// endregion"))
                .toList();
    }

    @Test
    void writesThePomOfTheExample() throws IOException {
        program.call("new", "plugin", "redis", "--turbulence-version", "0.1.0-SNAPSHOT", "-o", "@/project");

        assertThat(program.read("project/pom.xml"))
                .isEqualTo(Files.readString(Path.of("../examples/plugin-redis/pom.xml")));
    }

    @Test
    void takesNameAndGroupOfTheUser() throws IOException {
        program.call(
                "new", "plugin", "my-proto", "--group", "org.acme", "--turbulence-version", "7", "-o", "@/project");

        assertThat(files()).contains("src/main/java/org/acme/myproto/MyProtoPlugin.java");
        assertThat(program.read("project/src/main/java/org/acme/myproto/MyProtoPlugin.java"))
                .contains("package org.acme.myproto;", "ServiceType.of(\"my-proto\", Server.class)")
                .doesNotContainIgnoringCase("echo");
        assertThat(program.read("project/pom.xml"))
                .contains("<groupId>org.acme</groupId>", "<artifactId>turbulence-my-proto</artifactId>", ">7<");
        assertThat(Stream.of("pom.xml", "README.md").map(this::text)).noneMatch(text -> text.matches("(?s).*@\\w+@.*"));
    }

    @Test
    void refusesNamesThatCannotBeUsed() {
        assertThat(write("Echo").err())
                .startsWith("turbulence: 'Echo' is no name for a plugin: lower case letters, digits and hyphens may"
                        + " stand in one\n");
        assertThat(write("wait").err())
                .startsWith("turbulence: 'wait' is the name of a built-in step; choose another\n");
        assertThat(write("http").err())
                .startsWith("turbulence: plugin 'http' is installed already; choose another name\n");
        assertThat(write("class").err())
                .startsWith("turbulence: 'class' is no name for a plugin: its Java package is named after it, and"
                        + " 'class' is a word of the Java language. Choose another, such as 'class-protocol'\n");
        assertThat(program.call("new", "plugin", "echo", "--group", "com-example")
                        .err())
                .startsWith(
                        "turbulence: --group was 'com-example' but it must be a Java package such as com.example\n");
    }

    @Test
    void leavesAFolderThatIsThereAsItIs() throws IOException {
        Files.createDirectories(folder.resolve("project"));

        assertThat(write("echo")).isEqualTo(new Program.Result(64, "", """
            turbulence: 'project' exists already and is left as it is
            Try 'turbulence new plugin --help'.
            """));
        assertThat(files()).isEmpty();
    }

    private Program.Result write(String name) {
        return program.call("new", "plugin", name, "--turbulence-version", "1", "-o", "@/project");
    }

    private static String guide(String file) throws IOException {
        return Files.readString(GUIDE.resolve(file)).replaceAll("(?m)^ *// (end)?region.*\n", "");
    }

    private String text(String file) {
        try {
            return program.read("project/" + file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> files() throws IOException {
        Path project = folder.resolve("project");
        try (Stream<Path> files = Files.walk(project)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> project.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
