package io.turbulence.core.internal.result.json;

import io.turbulence.core.internal.result.text.WellFormed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A small file of indented JSON.
public final class JsonFile {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonFile() {}

    /// Any tree, indented.
    public static String text(@Nullable Object tree) {
        return MAPPER.writeValueAsString(tree);
    }

    /// Replaces the file in one go: whoever reads sees the old or the new.
    public static void write(Path file, Map<String, @Nullable Object> content) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.write(fresh, WellFormed.utf8(MAPPER.writeValueAsString(content) + "\n"));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
