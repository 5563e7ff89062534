package io.turbulence.core.internal.plugin;

import java.net.URL;
import java.net.URLClassLoader;

/// The classes of one plugin folder: its own jars, the JDK, and of the host nothing but the API that
/// both must see as one. Whatever libraries the host or other plugins use cannot be seen from here.
final class PluginClassLoader extends URLClassLoader {

    private static final String[] SHARED = {"io.turbulence.api.", "io.turbulence.spi.", "org.jspecify."};

    static {
        registerAsParallelCapable();
    }

    private final String folder;
    private final ClassLoader host;

    /// @param folder the name of the plugin folder
    PluginClassLoader(String folder, URL[] jars, ClassLoader host) {
        super("plugin-" + folder, jars, ClassLoader.getPlatformClassLoader());
        this.folder = folder;
        this.host = host;
    }

    String folder() {
        return folder;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        for (String shared : SHARED) {
            if (name.startsWith(shared)) {
                return host.loadClass(name);
            }
        }
        return super.loadClass(name, resolve);
    }
}
