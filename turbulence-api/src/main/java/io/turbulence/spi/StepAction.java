package io.turbulence.spi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The action of a step that is written in Java: its type, and its settings as they would stand in YAML.
///
/// Authors of plugins offer builders of these, so that users need not know the keys. A settings value is a text, a
/// number, a boolean, null, a `Duration`, a [io.turbulence.api.DataSize], a `Path`, an enum's constant, or a list or a
/// map of such values. Texts may hold templates. Implementations are immutable.
public interface StepAction {

    /// As [ProtocolAction#type].
    String type();

    Map<String, @Nullable Object> settings();
}
