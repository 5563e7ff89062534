package io.turbulence.core.internal.definition.binding;

import io.turbulence.api.DataSize;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.spi.Setting;
import java.lang.invoke.MethodHandle;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One component of a settings record, as its annotation and type describe it. Immutable.
///
/// @param name          in the record
/// @param key           in YAML
/// @param documentation empty when it has none
/// @param nullable      whether it is null when nothing is given
/// @param defaultNode   null when it has no default
/// @param defaultText   as it is written in the annotation; empty when it has no default
/// @param example       empty for none
/// @param fileKey       which key alone in a mapping names a file; empty for none
/// @param index         its place in the record
public record SettingComponent(
        String name,
        String key,
        List<String> aliases,
        ValueType type,
        String documentation,
        boolean nullable,
        @Nullable YamlNode defaultNode,
        String defaultText,
        String example,
        @Nullable Range range,
        boolean secret,
        Setting.Templates templates,
        List<String> inherits,
        boolean ignoreCase,
        boolean whenScalar,
        String fileKey,
        int index,
        MethodHandle accessor) {

    /// Of its key alone: that of the whole would be worked out for every setting of every step.
    @Override
    public int hashCode() {
        return key.hashCode();
    }

    /// Its key and its other names.
    public List<String> keys() {
        return Stream.concat(Stream.of(key), aliases.stream()).toList();
    }

    /// Whether the file must give it.
    public boolean required() {
        return !nullable && defaultNode == null && !isEmptyWhenAbsent();
    }

    /// Its value in a record.
    @Nullable
    Object read(Record settings) {
        try {
            return (Object) accessor.invokeExact((Object) settings);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("'" + name + "' cannot be read", e);
        }
    }

    private boolean isEmptyWhenAbsent() {
        return type instanceof ValueType.ListType
                || type instanceof ValueType.MapType
                || type instanceof ValueType.BooleanType;
    }

    /// The value when there is none.
    @Nullable
    Object nothing() {
        if (nullable) {
            return null;
        }
        return switch (type) {
            case ValueType.TextType ignored -> "";
            case ValueType.BooleanType ignored -> false;
            case ValueType.NumberType number -> number.convert(BigDecimal.ZERO);
            case ValueType.DurationType ignored -> Duration.ZERO;
            case ValueType.SizeType ignored -> DataSize.ofBytes(0);
            case ValueType.ListType ignored -> List.of();
            case ValueType.MapType ignored -> Map.of();
            case ValueType.EnumType ignored -> null;
            case ValueType.PathType ignored -> null;
            case ValueType.TreeType ignored -> null;
            case ValueType.NodeType ignored -> null;
            case ValueType.MatcherType ignored -> null;
            case ValueType.RecordType ignored -> null;
        };
    }
}
