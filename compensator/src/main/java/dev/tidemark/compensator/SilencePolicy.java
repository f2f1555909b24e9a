package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Decides when a silent subscription counts as lost. Exchange sends a StatusEvent every status frequency, and
/// retries a callback for at most as long. Then it drops the subscription without notice (docs,
/// statusfrequency). Pure.
record SilencePolicy(double factor, Duration grace, Optional<Duration> absolute, Optional<Duration> firstCallback) {
    /// Returns the time from which the mailbox's live subscription is silent. Requires a live subscription.
    Instant silentAt(Mailbox mailbox, Duration statusFrequency) {
        var subscribedAt = mailbox.subscribedAt().orElse(Instant.EPOCH);
        if (!mailbox.calledBack()) {
            return subscribedAt.plus(firstCallbackLimit(statusFrequency));
        }
        var lastCallback = mailbox.lastHeardAt().filter(subscribedAt::isBefore).orElse(subscribedAt);
        return lastCallback.plus(silenceLimit(statusFrequency));
    }

    /// Returns the limit for the first callback of a subscription.
    Duration firstCallbackLimit(Duration statusFrequency) {
        return firstCallback.orElseGet(() -> statusFrequency.plus(grace));
    }

    /// Returns the next check time of an intact mailbox. The first callback does not reschedule the check. If
    /// `firstCallback` is the longer limit, that callback makes the deadline earlier.
    Instant nextCheckAt(Mailbox mailbox, Duration statusFrequency, Instant now, Instant planned) {
        var nearest = now.plus(silenceLimit(statusFrequency));
        return mailbox.calledBack() || planned.isBefore(nearest) ? planned : nearest;
    }

    private Duration silenceLimit(Duration statusFrequency) {
        return absolute.orElseGet(() -> Duration.ofMillis(Math.round(statusFrequency.toMillis() * factor))
                .plus(grace));
    }
}
