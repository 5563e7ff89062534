@NullMarked
package io.turbulence.core.internal.result.report;

import org.jspecify.annotations.NullMarked;
