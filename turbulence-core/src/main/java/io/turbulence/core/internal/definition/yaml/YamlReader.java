package io.turbulence.core.internal.definition.yaml;

import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Problems;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads YAML 1.2 files into nodes. Whatever is wrong with a file becomes a problem; nothing is thrown. For one thread.
///
/// A file is UTF-8, at most 4 MiB, one document, nested at most 100 deep, and at most 500,000 values with all aliases
/// resolved. After a mistake in YAML itself nothing more of its file is read; any other mistake leaves the rest to be
/// checked.
public final class YamlReader {

    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final int SHOWN_SIZE_UNIT = 1024 * 1024;

    private final Problems problems;

    public YamlReader(Problems problems) {
        this.problems = problems;
    }

    /// The file's only document; empty when there is none that can be used, which is then a problem.
    public Optional<YamlNode> read(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                unreadable(
                        file,
                        "a file of " + size / SHOWN_SIZE_UNIT + " MiB",
                        "at most 4 MiB",
                        "Keep bulk data in a " + "file of its own and name it under 'data'.");
                return Optional.empty();
            }
            return decode(file, Files.readAllBytes(file)).flatMap(text -> read(file, text));
        } catch (NoSuchFileException e) {
            unreadable(file, "no such file", "a YAML file", null);
        } catch (IOException e) {
            unreadable(
                    file,
                    Files.isDirectory(file) ? "a folder" : "a file that cannot be read (" + e.getMessage() + ")",
                    "a YAML file",
                    null);
        }
        return Optional.empty();
    }

    /// As [#read(Path)], of a text that stands for the file.
    public Optional<YamlNode> read(Path file, String content) {
        String text = content.startsWith("\uFEFF") ? content.substring(1) : content;
        problems.sources().add(file, text);
        return new YamlComposer(file, text, problems).compose();
    }

    /// As [#read(Path)], of a file that must hold a mapping.
    public Optional<MappingNode> readMapping(Path file) {
        return read(file).flatMap(this::asMapping);
    }

    /// As [#read(Path, String)], of a text that must hold a mapping.
    public Optional<MappingNode> readMapping(Path file, String content) {
        return read(file, content).flatMap(this::asMapping);
    }

    private Optional<MappingNode> asMapping(YamlNode root) {
        if (root instanceof MappingNode mapping) {
            return Optional.of(mapping);
        }
        problems.error(Codes.TYPE, root.location(), "", root.description(), "a mapping of keys to values", null);
        return Optional.empty();
    }

    private Optional<String> decode(Path file, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer input = ByteBuffer.wrap(bytes);
        CharBuffer output = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(input, output, true);
        String text = output.flip().toString();
        if (!result.isError()) {
            return Optional.of(text);
        }
        problems.sources().add(file, text);
        problems.error(
                Codes.SYNTAX,
                Places.of(text).location(file, text.codePointCount(0, text.length())),
                "",
                "a byte 0x%02X that is no UTF-8".formatted(bytes[input.position()] & 0xFF),
                "text in UTF-8",
                "Save the file as UTF-8.");
        return Optional.empty();
    }

    private void unreadable(Path file, String found, String expected, @Nullable String hint) {
        problems.error(Codes.FILE, new Location(file, 1, 1), "", found, expected, hint);
    }
}
