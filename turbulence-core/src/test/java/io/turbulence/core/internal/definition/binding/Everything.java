package io.turbulence.core.internal.definition.binding;

import io.turbulence.api.DataSize;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import io.turbulence.spi.Setting.Templates;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A settings record with a component of every kind.
@OneOf({"json", "body", "form"})
@OneOf(
        value = {"query", "script"},
        required = true)
record Everything(
        @Setting(value = "Required text.", range = "1..10", example = "abc")
        String text,

        @Setting("Optional text.") @Nullable String note,

        @Setting(value = "A whole number.", defaultValue = "3", range = "1..100")
        int count,

        @Setting("A large number.") @Nullable Long large,

        @Setting(value = "A number.", range = "0.5..") @Nullable
        Double ratio,

        @Setting("An exact number.") @Nullable BigDecimal exact,

        @Setting("A huge number.") @Nullable BigInteger huge,

        @Setting("A switch.") boolean flag,

        @Setting("A switch with a third state.") @Nullable Boolean maybe,

        @Setting(value = "A name.", defaultValue = "exactly_once")
        Delivery delivery,

        @Setting(
                value = "A time.",
                defaultValue = "5s",
                aliases = {"pause_ms", "pause_seconds"},
                range = "0.1..3600")
        Duration pause,

        @Setting(value = "A size.", range = "1..1000000") @Nullable
        DataSize size,

        @Setting("A file.") @Nullable Path file,

        @Setting(value = "Any tree.", key = "json") @Nullable
        Object tree,

        @Setting("Other text.") @Nullable String body,

        @Setting("Other map.") @Nullable Map<String, Object> form,

        @Setting(value = "Statement.", templates = Templates.FORBIDDEN) @Nullable
        String query,

        @Setting("Statements.") @Nullable String script,

        @Setting(value = "A list.", range = "..3") List<String> tags,

        @Setting("A list of settings.") List<Part> parts,

        @Setting(value = "A map.", ignoreCase = true) Map<String, String> headers,

        @Setting("A map of numbers.") Map<String, Integer> weights,

        @Setting("A map of settings.") Map<String, Part> named,

        @Setting("Settings.") @Nullable Part part,

        @Setting("What must hold.") @Nullable Matcher until,

        @Setting(value = "Known early.", templates = Templates.LOAD) @Nullable
        String early,

        @Setting(value = "Never shown.", secret = true) @Nullable
        Integer pin) {

    enum Delivery {
        AT_MOST_ONCE,
        AT_LEAST_ONCE,
        EXACTLY_ONCE
    }

    record Part(
            @Setting(value = "What.", whenScalar = true, aliases = "title")
            String name,

            @Setting("How much.") @Nullable Integer amount,
            @Setting("Inner parts.") List<Part> parts) {

        Part {
            if (name.isBlank()) {
                throw new IllegalArgumentException("name was '" + name + "' but it must not be blank");
            }
        }
    }
}
