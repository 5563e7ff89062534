/// The systems behind `examples/order-flow`: an order service (HTTP), an inventory (gRPC), a processor that moves what
/// it
/// reads from Kafka into a database, and the database.
@NullMarked
package io.turbulence.examples.orderflow;

import org.jspecify.annotations.NullMarked;
