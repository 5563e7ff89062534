/// Technology compatibility kits: what every plugin must do right, as tests that an author inherits.
///
/// An author writes a subclass with two or three small methods for each thing that the plugin brings
/// and runs it with JUnit: [io.turbulence.tck.PluginContractTck] for the plugin as a whole,
/// [io.turbulence.tck.ActionTck] for each action, and for each connection factory the kit of its mode:
/// [io.turbulence.tck.SharedConnectionTck], [io.turbulence.tck.ExclusiveConnectionTck],
/// [io.turbulence.tck.NegotiatedConnectionTck], [io.turbulence.tck.PooledConnectionTck] or
/// [io.turbulence.tck.SubscriptionTck].
@NullMarked
package io.turbulence.tck;

import org.jspecify.annotations.NullMarked;
