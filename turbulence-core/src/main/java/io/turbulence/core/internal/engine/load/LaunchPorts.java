package io.turbulence.core.internal.engine.load;

import io.turbulence.core.internal.launch.FreePort;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The free port of each launched program: chosen before anything that names one is compiled.
final class LaunchPorts {

    private static final Pattern REFERENCE =
            Pattern.compile("launch(?:\\.([A-Za-z_][A-Za-z0-9_]*)|\\['([^']+)'])\\.port");

    private final Map<String, Integer> ports = new LinkedHashMap<>();

    void add(String program) {
        ports.computeIfAbsent(program, name -> FreePort.choose());
    }

    int of(String program) {
        return ports.getOrDefault(program, 0);
    }

    /// The value of `launch.<name>.port`.
    Optional<Object> known(String expression) {
        Matcher matcher = REFERENCE.matcher(expression.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return Optional.ofNullable(ports.get(name));
    }
}
