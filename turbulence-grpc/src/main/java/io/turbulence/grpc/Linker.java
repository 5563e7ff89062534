package io.turbulence.grpc;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Links descriptions of `.proto` files with what they import. Not thread-safe.
final class Linker {

    /// Gives files that are not among the given ones.
    interface Imports {
        /// @return null when there is none of the name
        @Nullable
        FileDescriptorProto find(String name) throws Exception;
    }

    private final Map<String, FileDescriptorProto> given = new HashMap<>();
    private final Map<String, FileDescriptor> linked = new HashMap<>();
    private final Set<String> linking = new LinkedHashSet<>();
    private final Imports imports;

    Linker(Imports imports) {
        this.imports = imports;
        linked.putAll(WellKnownFiles.ALL);
    }

    void give(FileDescriptorProto file) {
        given.putIfAbsent(file.getName(), file);
    }

    /// @throws IllegalArgumentException when it imports what nobody gives, or is no valid description
    FileDescriptor link(String name) throws Exception {
        FileDescriptor known = linked.get(name);
        if (known != null) {
            return known;
        }
        FileDescriptorProto file = given.get(name);
        if (file == null) {
            file = imports.find(name);
        }
        if (file == null) {
            throw new IllegalArgumentException("'" + name + "' is imported but not there");
        }
        if (!linking.add(name)) {
            throw new IllegalArgumentException("'" + name + "' imports itself");
        }
        List<FileDescriptor> dependencies = new ArrayList<>();
        for (String dependency : file.getDependencyList()) {
            dependencies.add(link(dependency));
        }
        try {
            FileDescriptor made = FileDescriptor.buildFrom(file, dependencies.toArray(FileDescriptor[]::new), true);
            linked.put(name, made);
            return made;
        } catch (DescriptorValidationException e) {
            throw new IllegalArgumentException("'" + name + "' is no valid description: " + e.getMessage(), e);
        }
    }
}
