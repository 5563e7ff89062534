package io.turbulence.core.internal.check;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JSON Schema (draft 2020-12), compiled once. Thread-safe.
final class SchemaCheck {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Schema schema;

    private SchemaCheck(Schema schema) {
        this.schema = schema;
    }

    /// @throws RuntimeException when the tree is no schema
    static SchemaCheck compile(@Nullable Object tree) {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        JsonNode node = MAPPER.valueToTree(tree);
        Schema schema = registry.getSchema(node);
        schema.initializeValidators();
        return new SchemaCheck(schema);
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
