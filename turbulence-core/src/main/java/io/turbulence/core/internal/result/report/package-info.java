/// `report.html`, made from the files of a run.
@NullMarked
package io.turbulence.core.internal.result.report;

import org.jspecify.annotations.NullMarked;
