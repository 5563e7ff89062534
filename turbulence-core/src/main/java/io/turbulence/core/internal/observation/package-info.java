/// How the host sees what an action observed: timed, judged, and decoded when somebody looks.
@NullMarked
package io.turbulence.core.internal.observation;

import org.jspecify.annotations.NullMarked;
