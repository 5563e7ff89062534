package io.turbulence.core.internal.plugin;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;

/// A class that says it is a plugin.
///
/// @param className as it stands in the services file
/// @param source    the jar or folder that says so, for messages
/// @param loader    loads it
record PluginCandidate(String className, String source, ClassLoader loader) {

    /// `plugin class 'com.acme.Plugin' in acme.jar`
    String describe() {
        return "plugin class '" + className + "' in " + source;
    }

    /// Where a class came from, as a person calls it: the jar's file name, or the folder.
    static String sourceOf(Class<?> type) {
        ProtectionDomain domain = type.getProtectionDomain();
        CodeSource code = domain == null ? null : domain.getCodeSource();
        return code == null || code.getLocation() == null ? "the program" : shorten(code.getLocation());
    }

    /// The jar's file name, or the folder, that a services file stands in.
    static String sourceOf(URL servicesFile) {
        String text = servicesFile.toString();
        int inside = text.indexOf("!/");
        if (text.startsWith("jar:") && inside > 0) {
            String jar = text.substring("jar:".length(), inside);
            return jar.substring(jar.lastIndexOf('/') + 1);
        }
        return text.replace("file:", "").replaceFirst("/META-INF/services/.*", "");
    }

    private static String shorten(URL location) {
        try {
            Path path = Path.of(location.toURI());
            String name = String.valueOf(path.getFileName());
            return name.endsWith(".jar") ? name : path.toString();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return location.toString();
        }
    }
}
