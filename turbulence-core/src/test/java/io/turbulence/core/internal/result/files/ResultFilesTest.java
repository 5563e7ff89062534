package io.turbulence.core.internal.result.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.turbulence.core.internal.result.files.ResultFiles.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The files that grow line by line.
class ResultFilesTest {

    @TempDir
    private Path folder;

    @Test
    @EnabledOnOs(OS.LINUX)
    void writesWhatFindsRoomThoughAnotherFileFindsNone() throws IOException {
        Files.createSymbolicLink(folder.resolve("steps.jsonl"), Path.of("/dev/full"));
        try (ResultFiles files = new ResultFiles(folder)) {
            files.append(File.STEPS, bytes("{\"step\":1}\n"));
            files.append(File.INSTANCES, bytes("{\"instance\":0}\n"));

            assertThatIOException()
                    .isThrownBy(files::write)
                    .withMessage(
                            "'" + folder.resolve("steps.jsonl") + "' could not be written: No space left on device");
        }
        assertThat(folder.resolve("instances.jsonl")).hasContent("{\"instance\":0}");
    }

    private static byte[] bytes(String line) {
        return line.getBytes(StandardCharsets.UTF_8);
    }
}
