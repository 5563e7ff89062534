package io.turbulence.core.internal.check;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JSON Schema (draft 2020-12), compiled once. Thread-safe.
final class SchemaCheck {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final SpecificationVersion DIALECT = SpecificationVersion.DRAFT_2020_12;

    private final Schema schema;

    private SchemaCheck(Schema schema) {
        this.schema = schema;
    }

    /// @throws RuntimeException when the tree is no schema
    static SchemaCheck compile(@Nullable Object tree) {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(DIALECT);
        JsonNode node = MAPPER.valueToTree(tree);
        if (SpecificationVersion.fromSchemaNode(node).orElse(DIALECT) == DIALECT) {
            refuseMistakes(node, registry);
        }
        Schema schema = registry.getSchema(node);
        schema.initializeValidators();
        return new SchemaCheck(schema);
    }

    /// A word that the dialect does not know would make no value fit, or all.
    private static void refuseMistakes(JsonNode node, SchemaRegistry registry) {
        List<Error> errors =
                registry.getSchema(SchemaLocation.of(DIALECT.getDialectId())).validate(node);
        if (!errors.isEmpty()) {
            Error first = errors.getFirst();
            throw new IllegalArgumentException(
                    String.valueOf(first.getInstanceLocation()).substring(1).replace('/', '.') + ": "
                            + first.getMessage());
        }
    }

    /// What does not fit, the first few; null when all does.
    @Nullable
    String mismatch(@Nullable Object value) {
        JsonNode node = MAPPER.valueToTree(value);
        List<Error> errors = schema.validate(node);
        if (errors.isEmpty()) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (Error error : errors.subList(0, Math.min(3, errors.size()))) {
            String where = String.valueOf(error.getInstanceLocation());
            text.append(text.isEmpty() ? "" : "; ")
                    .append(where.isEmpty() ? "" : where + ": ")
                    .append(error.getMessage());
        }
        if (errors.size() > 3) {
            text.append("; and ").append(errors.size() - 3).append(" more");
        }
        return text.toString();
    }
}
