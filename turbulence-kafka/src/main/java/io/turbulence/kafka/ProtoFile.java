package io.turbulence.kafka;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a `.proto` file (proto2 and proto3) as far as values need it: messages, enums, fields, `oneof`, maps,
/// groups left out. Services, extensions and options are passed over, `packed` apart. For one thread.
final class ProtoFile {

    private static final Pattern TOKEN = Pattern.compile(
            "\\s+|//[^\\n"
                    + "]*|/\\*.*?\\*/|(\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*')|([A-Za-z_.][A-Za-z0-9_.]*)|([+-]?[0-9][A-Za-z0-9_.+-]*)|(.)",
            Pattern.DOTALL);

    private static final Map<String, FieldDescriptorProto.Type> SCALARS = Map.ofEntries(
            Map.entry("double", FieldDescriptorProto.Type.TYPE_DOUBLE),
            Map.entry("float", FieldDescriptorProto.Type.TYPE_FLOAT),
            Map.entry("int32", FieldDescriptorProto.Type.TYPE_INT32),
            Map.entry("int64", FieldDescriptorProto.Type.TYPE_INT64),
            Map.entry("uint32", FieldDescriptorProto.Type.TYPE_UINT32),
            Map.entry("uint64", FieldDescriptorProto.Type.TYPE_UINT64),
            Map.entry("sint32", FieldDescriptorProto.Type.TYPE_SINT32),
            Map.entry("sint64", FieldDescriptorProto.Type.TYPE_SINT64),
            Map.entry("fixed32", FieldDescriptorProto.Type.TYPE_FIXED32),
            Map.entry("fixed64", FieldDescriptorProto.Type.TYPE_FIXED64),
            Map.entry("sfixed32", FieldDescriptorProto.Type.TYPE_SFIXED32),
            Map.entry("sfixed64", FieldDescriptorProto.Type.TYPE_SFIXED64),
            Map.entry("bool", FieldDescriptorProto.Type.TYPE_BOOL),
            Map.entry("string", FieldDescriptorProto.Type.TYPE_STRING),
            Map.entry("bytes", FieldDescriptorProto.Type.TYPE_BYTES));

    private static final Set<String> PASSED_OVER = Set.of("option", "reserved", "extensions");

    private final FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder();
    private final List<String> tokens = new ArrayList<>();
    private final List<Integer> lines = new ArrayList<>();
    private int at;
    private boolean isProto3;

    ProtoFile(String name, String text) {
        file.setName(name);
        Matcher matcher = TOKEN.matcher(text);
        int line = 1;
        while (matcher.find()) {
            for (int group = 1; group <= matcher.groupCount(); group++) {
                if (matcher.group(group) != null) {
                    tokens.add(matcher.group(group));
                    lines.add(line);
                }
            }
            line += (int) matcher.group().chars().filter(c -> c == '\n').count();
        }
    }

    /// @throws IllegalArgumentException when it is no such file; the message says where
    FileDescriptorProto parse() {
        while (at < tokens.size()) {
            String word = next();
            switch (word) {
                case "syntax" -> {
                    expect("=");
                    String syntax = text();
                    isProto3 = syntax.equals("proto3");
                    file.setSyntax(syntax);
                    expect(";");
                }
                case "package" -> {
                    file.setPackage(next());
                    expect(";");
                }
                case "import" -> imported();
                case "message" -> file.addMessageType(message());
                case "enum" -> file.addEnumType(enumeration());
                case "service", "extend" -> {
                    next();
                    passOverBlock();
                }
                case "option" -> passOver();
                case ";" -> {}
                default -> throw unexpected(word, "message, enum, import, package or option");
            }
        }
        return file.build();
    }

    private void imported() {
        if (peek().equals("public") || peek().equals("weak")) {
            next();
        }
        file.addDependency(text());
        expect(";");
    }

    private DescriptorProto message() {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(next());
        List<FieldDescriptorProto.Builder> optional = new ArrayList<>();
        expect("{");
        while (!peek().equals("}")) {
            String word = peek();
            boolean isType = tokens.get(at + 1).equals("=");
            if (isType) {
                throw unexpected(word, "a type");
            }
            if (PASSED_OVER.contains(word)) {
                next();
                passOver();
                continue;
            }
            switch (word) {
                case "message" -> {
                    next();
                    message.addNestedType(message());
                }
                case "enum" -> {
                    next();
                    message.addEnumType(enumeration());
                }
                case "oneof" -> {
                    next();
                    oneOf(message);
                }
                case "extend" -> {
                    next();
                    next();
                    passOverBlock();
                }
                case ";" -> next();
                default -> field(message, null, optional);
            }
        }
        expect("}");
        // proto3's `optional` is a oneof of one field; such come after all others
        for (FieldDescriptorProto.Builder field : optional) {
            field.setOneofIndex(message.getOneofDeclCount());
            message.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + field.getName()));
        }
        List<FieldDescriptorProto> fields = new ArrayList<>(message.getFieldList());
        for (FieldDescriptorProto.Builder field : optional) {
            fields.replaceAll(each -> each.getNumber() == field.getNumber() ? field.build() : each);
        }
        return message.clearField().addAllField(fields).build();
    }

    private void oneOf(DescriptorProto.Builder message) {
        int index = message.getOneofDeclCount();
        message.addOneofDecl(OneofDescriptorProto.newBuilder().setName(next()));
        expect("{");
        while (!peek().equals("}")) {
            if (peek().equals("option")) {
                next();
                passOver();
            } else {
                field(message, index, new ArrayList<>());
            }
        }
        expect("}");
    }

    private void field(
            DescriptorProto.Builder message, @Nullable Integer oneOf, List<FieldDescriptorProto.Builder> optional) {
        FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder().setLabel(Label.LABEL_OPTIONAL);
        String word = next();
        boolean isOptional = word.equals("optional");
        if (isOptional || word.equals("required") || word.equals("repeated")) {
            field.setLabel(Label.valueOf("LABEL_" + word.toUpperCase(Locale.ROOT)));
            word = next();
        }
        String[] entry = null;
        if (word.equals("map") && peek().equals("<")) {
            expect("<");
            String key = next();
            expect(",");
            entry = new String[] {key, next()};
            expect(">");
        } else {
            type(field, word);
        }
        field.setName(next());
        if (entry != null) {
            mapOf(message, field, entry);
        }
        expect("=");
        field.setNumber(number());
        options(field);
        expect(";");
        if (oneOf != null) {
            field.setOneofIndex(oneOf);
        } else if (isOptional && isProto3) {
            field.setProto3Optional(true);
            optional.add(field);
        }
        message.addField(field);
    }

    private static void type(FieldDescriptorProto.Builder field, String word) {
        FieldDescriptorProto.Type scalar = SCALARS.get(word);
        if (scalar != null) {
            field.setType(scalar);
        } else {
            field.setTypeName(word);
        }
    }

    /// A map is a repeated message of keys and values.
    private static void mapOf(DescriptorProto.Builder message, FieldDescriptorProto.Builder field, String[] entry) {
        StringBuilder name = new StringBuilder();
        boolean upper = true;
        for (char each : field.getName().toCharArray()) {
            if (each == '_') {
                upper = true;
            } else {
                name.append(upper ? Character.toUpperCase(each) : each);
                upper = false;
            }
        }
        name.append("Entry");
        FieldDescriptorProto.Builder key =
                FieldDescriptorProto.newBuilder().setName("key").setNumber(1).setLabel(Label.LABEL_OPTIONAL);
        type(key, entry[0]);
        FieldDescriptorProto.Builder value =
                FieldDescriptorProto.newBuilder().setName("value").setNumber(2).setLabel(Label.LABEL_OPTIONAL);
        type(value, entry[1]);
        message.addNestedType(DescriptorProto.newBuilder()
                .setName(name.toString())
                .addField(key)
                .addField(value)
                .setOptions(MessageOptions.newBuilder().setMapEntry(true)));
        field.setLabel(Label.LABEL_REPEATED)
                .setTypeName(name.toString())
                .setType(FieldDescriptorProto.Type.TYPE_MESSAGE);
    }

    private void options(FieldDescriptorProto.Builder field) {
        if (!peek().equals("[")) {
            return;
        }
        next();
        int depth = 1;
        while (depth > 0) {
            String word = next();
            if (word.equals("[") || word.equals("{")) {
                depth++;
            } else if (word.equals("]") || word.equals("}")) {
                depth--;
            } else if (depth == 1 && word.equals("packed") && peek().equals("=")) {
                next();
                field.setOptions(FieldOptions.newBuilder().setPacked(Boolean.parseBoolean(next())));
            } else if (depth == 1 && word.equals("json_name") && peek().equals("=")) {
                next();
                field.setJsonName(text());
            }
        }
    }

    private EnumDescriptorProto enumeration() {
        EnumDescriptorProto.Builder enumeration =
                EnumDescriptorProto.newBuilder().setName(next());
        expect("{");
        while (!peek().equals("}")) {
            String word = next();
            if (word.equals(";")) {
                continue;
            }
            if (PASSED_OVER.contains(word) && !peek().equals("=")) {
                if (word.equals("option") && peek().equals("allow_alias")) {
                    enumeration.getOptionsBuilder().setAllowAlias(true);
                }
                passOver();
                continue;
            }
            expect("=");
            enumeration.addValue(
                    EnumValueDescriptorProto.newBuilder().setName(word).setNumber(number()));
            passOver();
        }
        expect("}");
        return enumeration.build();
    }

    /// To the end of a statement.
    private void passOver() {
        while (!peek().equals(";")) {
            if (peek().equals("{")) {
                passOverBlock();
            } else {
                next();
            }
        }
        next();
    }

    private void passOverBlock() {
        expect("{");
        int depth = 1;
        while (depth > 0) {
            String word = next();
            depth += word.equals("{") ? 1 : word.equals("}") ? -1 : 0;
        }
    }

    private int number() {
        String word = next();
        if (word.equals("-")) {
            word = "-" + next();
        }
        try {
            return Integer.decode(word);
        } catch (NumberFormatException e) {
            at--;
            throw unexpected(word, "a number");
        }
    }

    private String text() {
        String word = next();
        if (word.startsWith("\"") || word.startsWith("'")) {
            return word.substring(1, word.length() - 1);
        }
        at--;
        throw unexpected(word, "a text in quotes");
    }

    private void expect(String wanted) {
        String word = next();
        if (!word.equals(wanted)) {
            at--;
            throw unexpected(word, "'" + wanted + "'");
        }
    }

    private String peek() {
        if (at >= tokens.size()) {
            throw new IllegalArgumentException("the file ends too early");
        }
        return tokens.get(at);
    }

    private String next() {
        String word = peek();
        at++;
        return word;
    }

    private IllegalArgumentException unexpected(String word, String expected) {
        int line = lines.get(Math.min(at, lines.size() - 1));
        return new IllegalArgumentException("line " + line + ": '" + word + "'; expected " + expected);
    }
}
