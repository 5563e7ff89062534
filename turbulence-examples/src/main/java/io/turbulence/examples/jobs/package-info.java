/// Platforms that run jobs, small enough for an example: each answers as the real one's documentation says.
@NullMarked
package io.turbulence.examples.jobs;

import org.jspecify.annotations.NullMarked;
