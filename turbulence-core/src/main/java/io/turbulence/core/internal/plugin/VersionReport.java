package io.turbulence.core.internal.plugin;

import io.turbulence.spi.ProtocolPlugin;
import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/// Explains a [LinkageError]: which Turbulence jars meet, in which versions.
final class VersionReport {

    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    private VersionReport() {}

    static PluginProblem problem(String subject, ClassLoader loader, LinkageError thrown) {
        return new PluginProblem(
                PluginCode.PLUGIN_LINKAGE,
                subject + " does not fit the classes around it: " + reason(thrown) + ". Turbulence here: "
                        + String.join(", ", versions(loader)) + ". " + hint(loader),
                thrown);
    }

    private static String reason(LinkageError thrown) {
        Throwable deepest = thrown;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getClass().getSimpleName() + ": " + deepest.getMessage();
    }

    private static String hint(ClassLoader loader) {
        if (loader instanceof PluginClassLoader plugin) {
            return "Put all libraries that the plugin needs into its folder ("
                    + plugin.getURLs().length + (plugin.getURLs().length == 1 ? " jar is" : " jars are")
                    + " there), or use a release of it that was built for this version.";
        }
        return "Align the versions by importing turbulence-bom, or use a release of the plugin that was built for this"
                + " version.";
    }

    /// `turbulence-api 0.1.0 (turbulence-api.jar)` for the host's API and for each Turbulence jar that is seen.
    private static List<String> versions(ClassLoader loader) {
        Set<String> found = new TreeSet<>();
        String api = ProtocolPlugin.class.getPackage().getImplementationVersion();
        found.add("turbulence-api " + (api == null ? "of this build" : api) + " ("
                + PluginCandidate.sourceOf(ProtocolPlugin.class) + ")");
        try {
            for (URL manifest : Collections.list(loader.getResources(MANIFEST))) {
                describe(manifest, found);
            }
        } catch (IOException e) {
            found.add("some jars could not be read (" + e.getMessage() + ")");
        }
        return new ArrayList<>(found);
    }

    private static void describe(URL url, Set<String> found) throws IOException {
        String jar = url.toString().replaceFirst("!/.*", "");
        String file = jar.substring(jar.lastIndexOf('/') + 1);
        if (!file.startsWith("turbulence-")) {
            return;
        }
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false);
        try (var in = connection.getInputStream()) {
            String version = new Manifest(in).getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
            String name = file.replaceFirst("-\\d.*|\\.jar$", "");
            found.add(name + " " + (version == null ? "without version" : version) + " (" + file + ")");
        }
    }
}
