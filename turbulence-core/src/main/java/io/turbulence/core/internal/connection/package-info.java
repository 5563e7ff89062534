/// The connection registry: who owns, lends, ages, checks, counts and closes every connection of a run.
@NullMarked
package io.turbulence.core.internal.connection;

import org.jspecify.annotations.NullMarked;
