package io.turbulence.core.internal.engine.load;

import io.turbulence.core.internal.definition.yaml.MappingNode;
import java.nio.file.Path;

/// Where a definition comes from.
public sealed interface Source {

    /// A file; of scenarios also a folder that is searched.
    record InFile(Path path) implements Source {}

    /// Built by a program.
    record InCode(MappingNode root) implements Source {}

    /// The file, of YAML or of Java.
    default Path file() {
        return switch (this) {
            case InFile source -> source.path();
            case InCode source -> source.root().location().file();
        };
    }
}
