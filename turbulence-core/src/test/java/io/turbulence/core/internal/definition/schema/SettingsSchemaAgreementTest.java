package io.turbulence.core.internal.definition.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.turbulence.core.internal.definition.binding.Binding;
import io.turbulence.core.internal.definition.binding.Generated;
import io.turbulence.core.internal.definition.binding.SettingsType;
import io.turbulence.core.internal.definition.problem.Problem;
import io.turbulence.core.internal.definition.problem.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// What the binder accepts the editor's schema accepts, and the reverse.
class SettingsSchemaAgreementTest {

    private static final int ROUNDS = 4_000;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void agreesWithTheBinderOnGeneratedInputs() {
        SettingsType<?> type = Generated.type();
        Schema schema = schema(type);
        Random random = new Random(7);
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String input = JSON.writeValueAsString(Generated.input(random));
            List<String> bound = problems(type, input);
            List<String> found = new ArrayList<>();
            schema.validate(input, InputFormat.JSON).forEach(error -> found.add(error.toString()));
            assertThat(found.isEmpty())
                    .as("round %s: %s%nbinder: %s%nschema: %s", round, input, bound, found)
                    .isEqualTo(bound.isEmpty());
            accepted += bound.isEmpty() ? 1 : 0;
        }
        assertThat(accepted).as("of both kinds enough").isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
    }

    private static Schema schema(SettingsType<?> type) {
        Map<String, Object> definitions = new LinkedHashMap<>();
        Map<String, Object> schema = new SettingsSchemas(definitions).mapping(type, Map.of(), List.of());
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        definitions.put("expectations", Map.of("type", List.of("object", "string", "number", "boolean", "null")));
        schema.put("$defs", definitions);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(JSON.writeValueAsString(schema), InputFormat.JSON);
    }

    private static List<String> problems(SettingsType<?> type, String input) {
        Problems problems = new Problems();
        type.compile(Binding.read(problems, input), Binding.context(problems));
        return problems.errors().stream().map(Problem::text).toList();
    }
}
