/// What a run writes and shows: statistics, files, console, reports.
@NullMarked
package io.turbulence.core.internal.result;

import org.jspecify.annotations.NullMarked;
