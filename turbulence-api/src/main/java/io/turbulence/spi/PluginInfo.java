package io.turbulence.spi;

import java.util.regex.Pattern;

/// Who a plugin is.
///
/// @param name     unique among the loaded plugins; lower case letters, digits and hyphens
/// @param version  as the plugin's author counts
/// @param apiLevel [ProtocolPlugin#API_LEVEL] as it was when the plugin was compiled
public record PluginInfo(String name, String version, int apiLevel) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    public PluginInfo {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("plugin name was '" + name
                    + "' but it must be lower case letters, digits and hyphens, beginning with a letter");
        }
        if (version.isBlank()) {
            throw new IllegalArgumentException("plugin version was '" + version + "' but it must not be blank");
        }
        if (apiLevel < 1) {
            throw new IllegalArgumentException("plugin API level was " + apiLevel + " but it must be at least 1");
        }
    }

    public static PluginInfo of(String name, String version, int apiLevel) {
        return new PluginInfo(name, version, apiLevel);
    }
}
