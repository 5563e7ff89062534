/// The `turbulence` program: commands, console, exit codes. Not an API.
@NullMarked
package io.turbulence.cli;

import org.jspecify.annotations.NullMarked;
