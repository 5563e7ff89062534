package io.turbulence.cli;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Runs the shell that both launchers share.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    @TempDir
    Path home;

    @Nested
    class FindsJava {

        @Test
        void takesJavaHomeWhenItIsNewEnough() throws Exception {
            Path java = fakeJava("jdk-99", "JAVA_VERSION=\"99.0.1\"\nJAVA_RUNTIME_VERSION=\"99.0.1+7-LTS\"\n");

            assertThat(run("find_java 99 && echo \"$java_home $java_version\"", java, ""))
                    .isEqualTo("0\n" + java + " 99.0.1+7-LTS\n");
        }

        @Test
        void passesOverAnOldJavaHomeForOneOnThePath() throws Exception {
            Path old = fakeJava("jdk-8", "JAVA_VERSION=\"1.8.0_292\"\n");
            Path java = fakeJava("jdk-99", "JAVA_VERSION=\"99\"\n");
            Path bin = Files.createDirectories(home.resolve("bin"));
            Files.createSymbolicLink(bin.resolve("java"), Path.of("../jdk-99/bin/java"));

            assertThat(run("find_java 99 && echo \"$java_version\"", old, bin + ":"))
                    .isEqualTo("0\n99\n");
            assertThat(java).exists();
        }

        @Test
        void looksAtWhatSdkmanInstalled() throws Exception {
            fakeJava(".sdkman/candidates/java/99-tem", "JAVA_VERSION=\"99\"\n");

            assertThat(run("find_java 99 && echo \"$java_home\"", home.resolve("none"), ""))
                    .isEqualTo("0\n" + home.resolve(".sdkman/candidates/java/99-tem") + "\n");
        }

        @Test
        void saysWhatToInstallWhenThereIsNone() throws Exception {
            assertThat(run("find_java 99 || { explain_missing_java 99; exit 70; }", home.resolve("none"), ""))
                    .isEqualTo("""
                            70
                            turbulence: no Java 99 or newer was found (looked at JAVA_HOME, PATH, /usr/lib/jvm, SDKMAN and the usual places).
                            Install one, for example:
                              Debian, Ubuntu   apt install openjdk-99-jdk      (or Temurin: https://adoptium.net)
                              macOS            brew install openjdk@99
                              SDKMAN           sdk install java 99-tem
                            or point JAVA_HOME to one.
                            """);
        }

        private Path fakeJava(String name, String release) throws IOException {
            return LauncherTest.this.fakeJava(name, release, "#!/bin/sh\n");
        }
    }

    @Nested
    class StartsJava {

        @Test
        void withTheOptionsOfTheUserAfterItsOwn() throws Exception {
            assertThat(started("-Xmx4g -Dx=y", "run"))
                    .contains(" -Xmx4g -Dx=y -Dturbulence.home=")
                    .doesNotContain("UseSerialGC")
                    .endsWith(" io.turbulence.cli.Turbulence run a.yaml\n");
        }

        @Test
        void withTheGarbageCollectorOfTheUserInPlaceOfItsOwn() throws Exception {
            assertThat(started("-Xmx4g -XX:+UseG1GC", "run")).contains(" -XX:-UseSerialGC -Xmx4g -XX:+UseG1GC ");
        }

        @Test
        void withTheFirstCompilerAloneForWhatEndsSoon() throws Exception {
            assertThat(started("", "check")).contains(" -XX:TieredStopAtLevel=1 ");
            assertThat(started("", "run")).doesNotContain("TieredStopAtLevel");
        }

        /// What the script in the distribution starts, with a Java that only says that.
        private String started(String options, String command) throws Exception {
            Path bin = Files.createDirectories(home.resolve("dist/bin"));
            Path library = Files.createDirectories(home.resolve("dist/lib"));
            Path parts = Path.of("src/main/distribution");
            Files.copy(parts.resolve("bin/turbulence"), bin.resolve("turbulence"), REPLACE_EXISTING);
            Files.copy(parts.resolve("lib/find-java.sh"), library.resolve("find-java.sh"), REPLACE_EXISTING);
            Path java = fakeJava("jdk-99", "JAVA_VERSION=\"99\"\n", "#!/bin/sh\necho \"$@\"\n");
            return LauncherTest.this.run(
                    "TURBULENCE_JAVA_OPTS='" + options + "' sh " + bin.resolve("turbulence") + " " + command
                            + " a.yaml 2>/dev/null",
                    java,
                    "");
        }
    }

    private Path fakeJava(String name, String release, String script) throws IOException {
        Path java = home.resolve(name);
        Path program = Files.createDirectories(java.resolve("bin")).resolve("java");
        Files.writeString(program, script);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.writeString(java.resolve("release"), release);
        return java;
    }

    /// Exit code, a line break, and what was written.
    private String run(String script, Path javaHome, String pathPrefix) throws Exception {
        Path library = Path.of("src/main/distribution/lib/find-java.sh").toAbsolutePath();
        ProcessBuilder builder = new ProcessBuilder(List.of("/bin/sh", "-eu", "-c", ". '" + library + "'; " + script))
                .redirectErrorStream(true);
        builder.environment().put("HOME", home.toString());
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().remove("SDKMAN_DIR");
        builder.environment().compute("PATH", (name, path) -> pathPrefix + path);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + "\n" + output;
    }
}
