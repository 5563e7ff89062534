/// What is told of a run while it goes on: of steps, instances and expectations, and how traces tie them together.
@NullMarked
package io.turbulence.core.internal.engine.event;

import org.jspecify.annotations.NullMarked;
