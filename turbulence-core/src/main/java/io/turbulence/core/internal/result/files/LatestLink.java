package io.turbulence.core.internal.result.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/// `latest` beside the runs' folders: a link to the newest, or a text file with its name where the
/// file system has no links.
public final class LatestLink {

    private static final String NAME = "latest";

    private LatestLink() {}

    /// Lets `latest` point to the folder. What stands there and is no link of ours stays.
    public static void point(Path folder) throws IOException {
        Path link = folder.toAbsolutePath().resolveSibling(NAME);
        if (link.equals(folder.toAbsolutePath()) || Files.isDirectory(link, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        String name = folder.toAbsolutePath().getFileName().toString();
        Path fresh = link.resolveSibling("." + NAME + "-" + name);
        Files.deleteIfExists(fresh);
        try {
            Files.createSymbolicLink(fresh, Path.of(name));
        } catch (UnsupportedOperationException | IOException e) {
            Files.writeString(fresh, name + "\n");
        }
        Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// The newest run's folder among the runs; null when there is none.
    public static @Nullable Path follow(Path runs) throws IOException {
        Path link = runs.resolve(NAME);
        if (Files.isRegularFile(link)) {
            Path named = runs.resolve(Files.readString(link).strip());
            return Files.isDirectory(named) ? named : null;
        }
        return Files.isDirectory(link) ? link.toRealPath() : null;
    }
}
