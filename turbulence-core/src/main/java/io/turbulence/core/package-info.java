/// Runs of scenarios, from files or built in Java, and the connections of plugins by themselves.
@NullMarked
package io.turbulence.core;

import org.jspecify.annotations.NullMarked;
