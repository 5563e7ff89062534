/// SQL databases over JDBC for Turbulence.
@NullMarked
package io.turbulence.sql;

import org.jspecify.annotations.NullMarked;
