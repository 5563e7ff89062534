package io.turbulence.kafka;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.turbulence.spi.Json;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values of a JSON Schema: JSON, checked before it is sent.
final class JsonSchemaCodec implements ValueCodec {

    /// Never asked for: the name is reserved for what does not exist.
    private static final String PLACE = "https://registry.invalid/schemas/";

    private final Json json;
    private final Schema schema;
    private final String name;

    JsonSchemaCodec(String text, Map<String, String> references, Json json) {
        this.json = json;
        Map<String, String> all = new HashMap<>();
        references.forEach((reference, content) -> {
            all.put(reference, content);
            all.put(PLACE + reference, content);
        });
        all.put(PLACE + "schema.json", text);
        SchemaRegistry registry =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(all));
        schema = registry.getSchema(SchemaLocation.of(PLACE + "schema.json"));
        schema.initializeValidators();
        name = json.read(text) instanceof Map<?, ?> map && map.get("title") != null
                ? String.valueOf(map.get("title"))
                : "JSON Schema";
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable Object decode(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return json.read(bytes);
    }

    @Override
    public byte[] encode(Object tree, @Nullable String ignored) throws SchemaCodec.MisfitException {
        String text = json.writeText(tree);
        List<Error> errors = schema.validate(text, InputFormat.JSON);
        if (!errors.isEmpty()) {
            Error first = errors.getFirst();
            throw new SchemaCodec.MisfitException("$" + first.getInstanceLocation(), first.getMessage());
        }
        return json.write(tree);
    }
}
