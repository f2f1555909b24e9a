package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// When a subscription that says nothing is taken for lost. Exchange sends a StatusEvent every status
/// frequency, and tries a call-back again for at most as long, then drops the subscription without a word
/// (docs, statusfrequency).
record SilencePolicy(double factor, Duration grace, Optional<Duration> absolute, Optional<Duration> firstCallback) {
    /// The moment from which the mailbox's live subscription is silent. Only meaningful where there is one.
    Instant silentAt(Mailbox mailbox, Duration statusFrequency) {
        var subscribedAt = mailbox.subscribedAt().orElse(Instant.EPOCH);
        if (!mailbox.calledBack()) {
            return subscribedAt.plus(firstCallbackLimit(statusFrequency));
        }
        var heard = mailbox.lastHeardAt().filter(subscribedAt::isBefore).orElse(subscribedAt);
        return heard.plus(silenceLimit(statusFrequency));
    }

    /// How long a subscription may take to call back for the first time.
    Duration firstCallbackLimit(Duration statusFrequency) {
        return firstCallback.orElseGet(() -> statusFrequency.plus(grace));
    }

    /// When to look again at a mailbox that is sound now. A first call-back needs no announcement, and where
    /// `firstCallback` is the longer of the two it brings the deadline nearer.
    Instant nextCheckAt(Mailbox mailbox, Duration statusFrequency, Instant now, Instant planned) {
        var nearest = now.plus(silenceLimit(statusFrequency));
        return mailbox.calledBack() || planned.isBefore(nearest) ? planned : nearest;
    }

    private Duration silenceLimit(Duration statusFrequency) {
        return absolute.orElseGet(() -> Duration.ofMillis(Math.round(statusFrequency.toMillis() * factor))
                .plus(grace));
    }
}
