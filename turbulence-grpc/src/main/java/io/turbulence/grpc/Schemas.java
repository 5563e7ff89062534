package io.turbulence.grpc;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The schemas of a run's services: each is made once. Thread-safe.
final class Schemas {

    private static final String DESCRIPTOR_SET = "descriptor_set";
    private static final String PROTO = "proto";

    private final Map<Source, Schema> made = new ConcurrentHashMap<>();

    /// The schema of a service; it may have to be learnt from the server first.
    ///
    /// @throws SchemaSourceException when the files that describe it cannot be used
    Schema of(GrpcService service) {
        return made.computeIfAbsent(Source.of(service), Schemas::make);
    }

    /// Whether methods of the service are known without asking the server.
    static boolean isLocal(GrpcService service) {
        return service.descriptorSet() != null || service.proto() != null;
    }

    private static Schema make(Source source) {
        List<FileDescriptor> files = new ArrayList<>();
        if (source.descriptorSet != null) {
            files.addAll(linked(DESCRIPTOR_SET, source.descriptorSet, read(source.descriptorSet)));
        }
        if (source.proto != null) {
            files.addAll(linked(
                    PROTO,
                    source.proto,
                    parsed(PROTO, source.proto, Protoc.compile(source.proto, source.importPaths))));
        }
        return source.reflection == null ? Schema.of(files) : Schema.reflected(source.reflection);
    }

    private static FileDescriptorSet read(Path file) {
        try {
            return parsed(DESCRIPTOR_SET, file, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new SchemaSourceException(
                    DESCRIPTOR_SET,
                    "'" + file + "', which cannot be read",
                    "a descriptor set",
                    "Write it with 'protoc --include_imports --descriptor_set_out=…'.",
                    e);
        }
    }

    private static FileDescriptorSet parsed(String key, Path file, byte[] content) {
        try {
            FileDescriptorSet set = FileDescriptorSet.parseFrom(content);
            if (set.getFileCount() > 0) {
                return set;
            }
        } catch (InvalidProtocolBufferException e) {
            // Told below
        }
        throw new SchemaSourceException(
                key,
                "'" + file + "', which is no descriptor set",
                "a descriptor set",
                "Write it with 'protoc --include_imports --descriptor_set_out=…'.",
                null);
    }

    private static List<FileDescriptor> linked(String key, Path source, FileDescriptorSet set) {
        Linker linker = new Linker(name -> null);
        set.getFileList().forEach(linker::give);
        List<FileDescriptor> files = new ArrayList<>();
        try {
            for (FileDescriptorProto file : set.getFileList()) {
                files.add(linker.link(file.getName()));
            }
            return files;
        } catch (Exception e) {
            throw new SchemaSourceException(
                    key,
                    "'" + source + "': " + e.getMessage(),
                    "a set that is whole",
                    "Write it with 'protoc --include_imports'.",
                    e);
        }
    }

    /// What a schema depends on. Servers differ in what they tell, so a reflected one belongs to its place.
    private record Source(
            @Nullable Path descriptorSet,
            @Nullable Path proto,
            List<Path> importPaths,
            GrpcService.@Nullable Reflection reflection,
            String place) {

        static Source of(GrpcService service) {
            boolean reflected = !isLocal(service);
            return new Source(
                    service.descriptorSet(),
                    service.proto(),
                    service.importPaths(),
                    reflected ? service.reflection() : null,
                    reflected ? service.endpoint() + "|" + service.authority() : "");
        }
    }
}
