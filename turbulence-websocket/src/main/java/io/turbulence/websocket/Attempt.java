package io.turbulence.websocket;

import io.turbulence.api.FailureException;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;

/// One step's part of a conversation, and what it comes to when it goes wrong.
interface Attempt {

    Observation make() throws HandshakeRefused, InterruptedException;

    /// @throws InterruptedException when the instance is cancelled
    static Observation of(Session session, Attempt attempt) throws InterruptedException {
        try {
            return attempt.make();
        } catch (HandshakeRefused e) {
            return e.observation();
        } catch (FailureException e) {
            return failed(session, Outcome.Failed.of(e));
        }
    }

    /// A wait in vain with what is known about the connection.
    static Observation failed(Session session, Waiting waiting, Outcome.Failed why) {
        return new Observation(
                WebSocketPlugin.TRANSPORT, why, facts(session, waiting).build(), Payload.empty());
    }

    /// A failure with what is known about the connection.
    static Observation failed(Session session, Outcome.Failed why) {
        return new Observation(WebSocketPlugin.TRANSPORT, why, facts(session).build(), Payload.empty());
    }

    /// As [#facts(Session)], with what was dropped before a wait could look at it.
    static Metadata.Builder facts(Session session, Waiting waiting) {
        Metadata.Builder facts = facts(session);
        long overflowed = waiting.overflowed();
        return overflowed > 0 ? facts.put("overflowed", overflowed) : facts;
    }

    /// What is known about the connection.
    static Metadata.Builder facts(Session session) {
        Metadata.Builder facts = Metadata.builder();
        Link link = session.link();
        if (link != null) {
            link.addFacts(facts);
        }
        return facts;
    }
}
