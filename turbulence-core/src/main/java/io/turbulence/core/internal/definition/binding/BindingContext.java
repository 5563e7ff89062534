package io.turbulence.core.internal.definition.binding;

import io.turbulence.core.internal.definition.expression.Expressions;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.template.Environment;
import java.util.Set;

/// What settings are compiled with.
///
/// @param path        of the settings' mapping in its file, for problems
/// @param places      shared by everything that is compiled for one step
/// @param inheritance where values come from that the mapping does not give
/// @param otherKeys   keys in the mapping that are somebody else's, such as those that every step may have
/// @param loadNames   names that are known before the run, besides `env`, such as `launch`
public record BindingContext(
        Problems problems,
        Expressions expressions,
        Environment environment,
        MatcherCompiler matchers,
        String path,
        PlaceCounter places,
        Inheritance inheritance,
        Set<String> otherKeys,
        Set<String> loadNames) {

    public BindingContext {
        otherKeys = Set.copyOf(otherKeys);
        loadNames = Set.copyOf(loadNames);
    }

    public static BindingContext of(
            Problems problems, Expressions expressions, Environment environment, MatcherCompiler matchers) {
        return new BindingContext(
                problems,
                expressions,
                environment,
                matchers,
                "",
                new PlaceCounter(),
                Inheritance.NONE,
                Set.of(),
                Set.of());
    }

    public BindingContext at(String otherPath) {
        return new BindingContext(
                problems, expressions, environment, matchers, otherPath, places, inheritance, otherKeys, loadNames);
    }

    /// For another step: places are counted from 0.
    public BindingContext withPlaces(PlaceCounter otherPlaces) {
        return new BindingContext(
                problems, expressions, environment, matchers, path, otherPlaces, inheritance, otherKeys, loadNames);
    }

    public BindingContext withInheritance(Inheritance otherInheritance) {
        return new BindingContext(
                problems, expressions, environment, matchers, path, places, otherInheritance, otherKeys, loadNames);
    }

    public BindingContext withOtherKeys(Set<String> keys) {
        return new BindingContext(
                problems, expressions, environment, matchers, path, places, inheritance, keys, loadNames);
    }

    public BindingContext withLoadNames(Set<String> names) {
        return new BindingContext(
                problems, expressions, environment, matchers, path, places, inheritance, otherKeys, names);
    }

    /// For a value inside: nothing is inherited there, and no key is somebody else's.
    BindingContext inside(String innerPath) {
        return new BindingContext(
                problems, expressions, environment, matchers, innerPath, places, Inheritance.NONE, Set.of(), loadNames);
    }
}
