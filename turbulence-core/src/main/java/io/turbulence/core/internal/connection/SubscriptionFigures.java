package io.turbulence.core.internal.connection;

/// What became of the messages of one channel, or of those that came over all connections of one kind. `arrived` is the
/// sum of those that follow it.
///
/// @param service    the service's name
/// @param channel    the topic or queue, with what tells this subscription from others to it
/// @param arrived    messages that came
/// @param taken      of these, taken by at least one instance
/// @param unmatched  nobody ever wanted them
/// @param late       somebody had waited for them in vain before they came
/// @param duplicate  one with the same key and content had been taken before
/// @param overflowed dropped, not taken, because the buffer was full
/// @param buffered   still there, not taken yet
public record SubscriptionFigures(
        String service,
        String channel,
        long arrived,
        long taken,
        long unmatched,
        long late,
        long duplicate,
        long overflowed,
        long buffered) {

    static SubscriptionFigures of(String service, String channel, MessageStore.Counts counts) {
        return new SubscriptionFigures(
                service,
                channel,
                counts.arrived(),
                counts.taken(),
                counts.unmatched(),
                counts.late(),
                counts.duplicate(),
                counts.overflowed(),
                counts.buffered());
    }
}
