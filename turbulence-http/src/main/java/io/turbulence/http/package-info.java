/// HTTP for Turbulence: the actions `http`, `sse` and `graphql` and the service kind `http`.
@NullMarked
package io.turbulence.http;

import org.jspecify.annotations.NullMarked;
