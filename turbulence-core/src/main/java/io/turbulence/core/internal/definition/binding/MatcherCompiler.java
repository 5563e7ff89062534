package io.turbulence.core.internal.definition.binding;

import io.turbulence.core.internal.definition.yaml.YamlNode;

/// Compiles what stands where a settings record has a [io.turbulence.spi.Matcher].
@FunctionalInterface
public interface MatcherCompiler {

    /// Compiles it. What is wrong with it goes to the context's problems; then the answer is never rendered.
    ///
    /// @param context its path is the path of the node
    CompiledMatcher compile(YamlNode node, BindingContext context);
}
