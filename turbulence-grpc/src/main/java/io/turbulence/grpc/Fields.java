package io.turbulence.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of a message by the names that people may write. Immutable.
final class Fields {

    private final Map<String, FieldDescriptor> byName = new HashMap<>();
    private final List<String> names;

    Fields(Descriptor type, Iterable<FieldDescriptor> extensions) {
        for (FieldDescriptor field : type.getFields()) {
            byName.put(field.getJsonName(), field);
        }
        for (FieldDescriptor field : type.getFields()) {
            byName.put(field.getName(), field);
        }
        for (FieldDescriptor extension : extensions) {
            byName.put("[" + extension.getFullName() + "]", extension);
        }
        names = type.getFields().stream().map(FieldDescriptor::getName).toList();
    }

    @Nullable
    FieldDescriptor get(String name) {
        return byName.get(name);
    }

    /// As they stand in the `.proto` file.
    List<String> names() {
        return names;
    }
}
