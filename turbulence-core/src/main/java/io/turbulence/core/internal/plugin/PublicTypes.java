package io.turbulence.core.internal.plugin;

import java.lang.reflect.Modifier;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// What a program may take an object of a plugin for, for messages.
public final class PublicTypes {

    private PublicTypes() {}

    /// Its class, or what that extends and implements where the plugin keeps it to itself.
    public static String of(Object object) {
        Set<Class<?>> types = new LinkedHashSet<>();
        collect(object.getClass(), types);
        return types.isEmpty()
                ? "'java.lang.Object', for the plugin makes no type of theirs public,"
                : types.stream().map(type -> "'" + type.getName() + "'").collect(Collectors.joining(" or "));
    }

    private static void collect(Class<?> type, Set<Class<?>> types) {
        if (type == Object.class) {
            return;
        }
        if (Modifier.isPublic(type.getModifiers())) {
            types.add(type);
            return;
        }
        for (Class<?> each : type.getInterfaces()) {
            if (!each.getName().startsWith("java.")) {
                collect(each, types);
            }
        }
        if (type.getSuperclass() != null) {
            collect(type.getSuperclass(), types);
        }
    }
}
