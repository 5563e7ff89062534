/// Systems under test for the examples.
@NullMarked
package io.turbulence.examples;

import org.jspecify.annotations.NullMarked;
