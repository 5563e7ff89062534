/// What the scenario language costs: what a step renders, decides and extracts, and what loading files takes.
@NullMarked
package io.turbulence.benchmarks.definition;

import org.jspecify.annotations.NullMarked;
