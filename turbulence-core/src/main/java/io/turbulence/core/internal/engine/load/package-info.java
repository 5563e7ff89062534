/// Definition files become plans that run without being looked into again.
@NullMarked
package io.turbulence.core.internal.engine.load;

import org.jspecify.annotations.NullMarked;
