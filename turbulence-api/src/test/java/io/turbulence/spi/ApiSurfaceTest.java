package io.turbulence.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The public surface of the API as text, compared with the committed `api.txt`: whoever changes the
/// API sees it in the diff. `-Dapi.update=true` writes it anew.
class ApiSurfaceTest {

    private static final Path COMMITTED = Path.of("api.txt");

    @Test
    void isWhatIsCommitted() throws Exception {
        String surface = surface();
        if (Boolean.getBoolean("api.update")) {
            Files.writeString(COMMITTED, surface);
        }
        assertThat(surface)
                .as("the public API changed: see VERSIONING.md, then run the tests with -Dapi.update=true")
                .isEqualTo(Files.readString(COMMITTED));
    }

    private static String surface() throws IOException, ClassNotFoundException {
        Path classes = Path.of(URI.create(ProtocolPlugin.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        List<String> names;
        try (Stream<Path> files = Files.walk(classes)) {
            names = files.map(file -> classes.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.contains("-info"))
                    .map(file -> file.replace(".class", "").replace('/', '.').replace('\\', '.'))
                    .sorted()
                    .toList();
        }
        StringBuilder out = new StringBuilder();
        for (String name : names) {
            Class<?> type = Class.forName(name);
            if (isPublic(type)) {
                describe(type, out);
            }
        }
        return out.toString();
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && !type.isAnonymousClass()
                && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }

    private static void describe(Class<?> type, StringBuilder out) {
        out.append(type.getName())
                .append(": ")
                .append(kind(type))
                .append(parameters(type))
                .append(supertypes(type));
        if (type.isSealed()) {
            out.append(" permits ")
                    .append(Arrays.stream(type.getPermittedSubclasses())
                            .map(Class::getSimpleName)
                            .collect(Collectors.joining(", ")));
        }
        out.append('\n');
        List<String> members = new ArrayList<>();
        if (type.isRecord()) {
            members.add("record ("
                    + Arrays.stream(type.getRecordComponents())
                            .map(ApiSurfaceTest::component)
                            .collect(Collectors.joining(", "))
                    + ")");
        }
        for (Field field : type.getDeclaredFields()) {
            if (isVisible(field.getModifiers(), field.isSynthetic())) {
                members.add(field(field));
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isVisible(constructor.getModifiers(), constructor.isSynthetic())) {
                members.add("new " + arguments(constructor));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isVisible(method.getModifiers(), method.isSynthetic()) && !isObjects(method)) {
                members.add(method(method));
            }
        }
        // Constants of an enum keep their order, which is part of the surface
        members.stream()
                .sorted((a, b) -> a.startsWith("constant") && b.startsWith("constant") ? 0 : a.compareTo(b))
                .forEach(member -> out.append("  ").append(member).append('\n'));
        out.append('\n');
    }

    private static String kind(Class<?> type) {
        String kind = type.isAnnotation()
                ? "annotation"
                : type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
        boolean isFinal = Modifier.isFinal(type.getModifiers()) && kind.equals("class");
        boolean isAbstract = Modifier.isAbstract(type.getModifiers()) && kind.equals("class");
        return (type.isSealed() ? "sealed " : "") + (isFinal ? "final " : "") + (isAbstract ? "abstract " : "") + kind;
    }

    private static String parameters(java.lang.reflect.GenericDeclaration declaration) {
        if (declaration.getTypeParameters().length == 0) {
            return "";
        }
        return Arrays.stream(declaration.getTypeParameters())
                .map(ApiSurfaceTest::parameter)
                .collect(Collectors.joining(", ", " <", ">"));
    }

    private static String parameter(TypeVariable<?> variable) {
        String bounds = Arrays.stream(variable.getAnnotatedBounds())
                .map(ApiSurfaceTest::name)
                .filter(bound -> !bound.equals("Object"))
                .collect(Collectors.joining(" & "));
        return variable.getName() + (bounds.isEmpty() ? "" : " extends " + bounds);
    }

    private static String supertypes(Class<?> type) {
        List<String> names = new ArrayList<>();
        if (type.getSuperclass() != null
                && !List.of(Object.class, Record.class, Enum.class).contains(type.getSuperclass())) {
            names.add(name(type.getAnnotatedSuperclass()));
        }
        Arrays.stream(type.getAnnotatedInterfaces())
                .map(ApiSurfaceTest::name)
                .filter(name -> !name.equals("Annotation"))
                .forEach(names::add);
        return names.isEmpty() ? "" : " extends " + String.join(", ", names);
    }

    private static String component(RecordComponent component) {
        return name(component.getAnnotatedType()) + " " + component.getName();
    }

    private static String field(Field field) {
        if (field.isEnumConstant()) {
            return "constant " + field.getName();
        }
        String value = "";
        try {
            boolean literal = field.getType().isPrimitive() || field.getType() == String.class;
            value = literal && Modifier.isStatic(field.getModifiers()) ? " = " + field.get(null) : "";
        } catch (IllegalAccessException e) {
            // A protected one: its value is not shown
        }
        return modifiers(field.getModifiers()) + "field " + name(field.getAnnotatedType()) + " " + field.getName()
                + value;
    }

    private static String method(Method method) {
        String defaulted = method.isDefault() ? "default " : "";
        String value = method.getDefaultValue() == null ? "" : " default";
        return modifiers(method.getModifiers()) + defaulted + name(method.getAnnotatedReturnType()) + " "
                + method.getName() + parameters(method) + arguments(method) + value;
    }

    private static String arguments(Executable executable) {
        String arguments = Arrays.stream(executable.getAnnotatedParameterTypes())
                .map(ApiSurfaceTest::name)
                .collect(Collectors.joining(", ", "(", ")"));
        String thrown = Arrays.stream(executable.getExceptionTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", "));
        return arguments + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String modifiers(int modifiers) {
        return (Modifier.isProtected(modifiers) ? "protected " : "")
                + (Modifier.isStatic(modifiers) ? "static " : "")
                + (Modifier.isAbstract(modifiers) ? "abstract " : "");
    }

    private static boolean isVisible(int modifiers, boolean synthetic) {
        return !synthetic && (Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers));
    }

    private static boolean isObjects(Method method) {
        return switch (method.getName()) {
            case "equals" -> method.getParameterCount() == 1;
            case "hashCode", "toString" -> method.getParameterCount() == 0;
            default -> false;
        };
    }

    /// Without packages, so that it can be read.
    private static String name(AnnotatedType type) {
        return type.toString()
                .replaceAll("([a-z][a-z0-9_]*\\.)+(?=[A-Z@])", "")
                .replaceAll("@(?:[a-z]+\\.)*Nullable\\(\\)", "@Nullable")
                .replace('$', '.');
    }
}
