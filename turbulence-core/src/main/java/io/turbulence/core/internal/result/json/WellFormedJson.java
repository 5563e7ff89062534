package io.turbulence.core.internal.result.json;

import io.turbulence.core.internal.result.text.WellFormed;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonGeneratorDelegate;

/* Left alone, the generator writes half of a pair as an escape: legal, and refused by many who read the file. */

/// JSON whose texts any reader takes: names and texts are well-formed.
final class WellFormedJson extends JsonGeneratorDelegate {

    private static final JsonFactory FACTORY = new JsonFactory();

    private WellFormedJson(JsonGenerator json) {
        super(json, false);
    }

    static JsonGenerator to(OutputStream out) {
        return new WellFormedJson(FACTORY.createGenerator(ObjectWriteContext.empty(), out));
    }

    @Override
    public JsonGenerator writeName(String name) {
        super.writeName(WellFormed.of(name));
        return this;
    }

    @Override
    public JsonGenerator writeString(@Nullable String text) {
        super.writeString(text == null ? null : WellFormed.of(text));
        return this;
    }
}
