/// The files of a run's folder, written and read back.
@NullMarked
package io.turbulence.core.internal.result.files;

import org.jspecify.annotations.NullMarked;
