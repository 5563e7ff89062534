package io.turbulence.core.internal.definition.binding;

import io.turbulence.core.internal.definition.template.Template;
import io.turbulence.core.internal.definition.yaml.ScalarNode;

/// A template in a file: for checks of what it refers to.
///
/// @param node where it stands; [ScalarNode#locationOf] finds the place of a reference
/// @param path of the node in its file
public record TemplateUse(ScalarNode node, String path, Template template) {}
