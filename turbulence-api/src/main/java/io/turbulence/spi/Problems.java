package io.turbulence.spi;

import org.jspecify.annotations.Nullable;

/// Takes what is wrong with settings. The host adds file, line and column.
///
/// `key` is the setting's key in the file, with dots and brackets for what is inside it:
/// `message.items[0].sku`.
public interface Problems {

    /// Something that must be mended before anything is run.
    ///
    /// @param found    what stands there, in quotes where it is the user's: `unknown method 'shop.Cart/Ad'`
    /// @param expected what would be right: `one of 'shop.Cart/Add', 'shop.Cart/Get'`
    /// @param hint     one next step; null for none
    void error(String key, String found, String expected, @Nullable String hint);

    /// As [#error], where the key itself is wrong, such as a field that there is not, and not its value: the place told
    /// is the key's.
    default void errorAtKey(String key, String found, String expected, @Nullable String hint) {
        error(key, found, expected, hint);
    }

    /// Something that is allowed but likely not meant.
    void warning(String key, String found, @Nullable String hint);
}
