/// Finding, loading and checking plugins.
@NullMarked
package io.turbulence.core.internal.plugin;

import org.jspecify.annotations.NullMarked;
