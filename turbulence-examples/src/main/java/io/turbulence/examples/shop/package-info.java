/// A small shop over HTTP: catalogue, carts, orders that are paid for in the background.
@NullMarked
package io.turbulence.examples.shop;

import org.jspecify.annotations.NullMarked;
