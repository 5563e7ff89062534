/// What is a secret: told by the names that values stand under.
@NullMarked
package io.turbulence.core.internal.definition.secret;

import org.jspecify.annotations.NullMarked;
