package io.turbulence.core.internal.engine;

import java.time.Duration;

/// How long a run waits for what does not end when it is told to.
///
/// @param call  for a call that was cut off because its deadline had passed
/// @param halt  for instances that were cancelled
/// @param drain for connections that are still lent when everything has ended
/// @param close for connections that are being closed
/// @param load  for each part of a plugin in the loading of definitions, and for what a peer is asked about a step
public record Patience(Duration call, Duration halt, Duration drain, Duration close, Duration load) {

    public static final Patience DEFAULT = new Patience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10));
}
