package io.turbulence.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import com.google.rpc.ErrorDetailsProto;
import com.google.rpc.StatusProto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The message types and methods of some `.proto` files, by name. Beside them it knows the well-known types
/// and those of `google.rpc`, in which servers tell details of errors. Thread-safe; files are only ever added.
final class Types {

    private final Map<String, Descriptor> types = new ConcurrentHashMap<>();
    private final Map<String, ServiceDescriptor> services = new ConcurrentHashMap<>();
    private final Map<String, FileDescriptor> files = new ConcurrentHashMap<>();
    private final Map<String, List<FieldDescriptor>> extensionsByType = new ConcurrentHashMap<>();
    private final Map<Descriptor, Fields> fields = new ConcurrentHashMap<>();
    private final Function<String, @Nullable FileDescriptor> lookUp;
    private volatile ExtensionRegistry extensions = ExtensionRegistry.getEmptyRegistry();

    /// All types are in the files that are added.
    Types() {
        this(name -> null);
    }

    /// @param lookUp finds the file of a type that is in none of the files that were added
    Types(Function<String, @Nullable FileDescriptor> lookUp) {
        this.lookUp = lookUp;
        WellKnownFiles.ALL.values().forEach(this::add);
        add(ErrorDetailsProto.getDescriptor());
        add(StatusProto.getDescriptor());
    }

    /// Adds a file and what it imports.
    void add(FileDescriptor file) {
        if (files.putIfAbsent(file.getName(), file) != null) {
            return;
        }
        file.getDependencies().forEach(this::add);
        file.getMessageTypes().forEach(this::add);
        file.getServices().forEach(service -> services.put(service.getFullName(), service));
        addExtensions(file.getExtensions());
    }

    private void add(Descriptor type) {
        types.putIfAbsent(type.getFullName(), type);
        type.getNestedTypes().forEach(this::add);
        addExtensions(type.getExtensions());
    }

    private synchronized void addExtensions(List<FieldDescriptor> more) {
        if (more.isEmpty()) {
            return;
        }
        ExtensionRegistry registry = ExtensionRegistry.newInstance();
        for (FieldDescriptor extension : more) {
            extensionsByType
                    .computeIfAbsent(extension.getContainingType().getFullName(), name -> new ArrayList<>())
                    .add(extension);
        }
        extensionsByType.values().forEach(list -> list.forEach(extension -> register(registry, extension)));
        extensions = registry;
    }

    private static void register(ExtensionRegistry registry, FieldDescriptor extension) {
        if (extension.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            registry.add(extension, DynamicMessage.getDefaultInstance(extension.getMessageType()));
        } else {
            registry.add(extension);
        }
    }

    ExtensionRegistry extensions() {
        return extensions;
    }

    /// A type that is known already.
    @Nullable
    Descriptor known(String name) {
        return types.get(name);
    }

    /// A type that is known or can be found.
    @Nullable
    Descriptor find(String name) {
        Descriptor known = types.get(name);
        if (known != null) {
            return known;
        }
        FileDescriptor file = lookUp.apply(name);
        if (file != null) {
            add(file);
        }
        return types.get(name);
    }

    @Nullable
    ServiceDescriptor service(String name) {
        return services.get(name);
    }

    @Nullable
    MethodDescriptor method(String service, String method) {
        ServiceDescriptor found = services.get(service);
        return found == null ? null : found.findMethodByName(method);
    }

    Collection<ServiceDescriptor> services() {
        return new TreeMap<>(services).values();
    }

    /// The names of all message types that are known.
    Collection<String> names() {
        return types.keySet();
    }

    Fields fields(Descriptor type) {
        Fields known = fields.get(type);
        if (known == null) {
            known = new Fields(type, extensionsByType.getOrDefault(type.getFullName(), List.of()));
            fields.put(type, known);
        }
        return known;
    }
}
