package io.turbulence.core.internal.plugin;

/// What can be wrong with a plugin. The names are stable and documented in RFC-010.
public enum PluginCode {
    /// A class could not be made into a plugin: missing, not public, no public constructor, of another type.
    PLUGIN_NOT_INSTANTIABLE,
    /// One of its methods threw, or returned null, while the plugin was loaded.
    PLUGIN_FAILED,
    /// Built for an API level that this host does not offer.
    PLUGIN_API_LEVEL,
    /// Its classes do not fit those of the host or of its libraries.
    PLUGIN_LINKAGE,
    /// Two plugins have one name.
    PLUGIN_DUPLICATE_NAME,
    /// Two actions have one type.
    PLUGIN_DUPLICATE_ACTION,
    /// Two kinds of service have one protocol name, or are implied by one key.
    PLUGIN_DUPLICATE_PROTOCOL,
    /// An action has the type of a built-in one.
    PLUGIN_RESERVED_ACTION,
    /// A name of an action or a protocol has a wrong form, or leads nowhere.
    PLUGIN_INVALID_NAME,
    /// A settings record cannot be bound from YAML, or takes a key that is the host's.
    PLUGIN_SETTINGS,
    /// A plugin folder cannot be used.
    PLUGIN_FOLDER,
    /// Threads of a plugin run on after everything of it was closed. Told in the log; it fails nothing.
    PLUGIN_LEAK
}
