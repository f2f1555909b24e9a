package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Times in which call-backs were refused because the store could not take them. Exchange tries for one
/// status frequency at most, so that a subscription refused for half of it may be gone already (docs,
/// statusfrequency). Observed by one thread, asked by many.
final class StoreOutageTracker {
    private record Outage(Instant from, Instant to) {
        boolean exceeds(Duration length) {
            return Duration.between(from, to).compareTo(length) > 0;
        }
    }

    private Optional<Instant> refusingSince = Optional.empty();
    private volatile Optional<Outage> lastOutage = Optional.empty();

    /// Notes whether the store takes call-backs now. Returns whether an outage has just ended.
    boolean observe(boolean accepting, Instant now) {
        if (!accepting) {
            refusingSince = refusingSince.or(() -> Optional.of(now));
            return false;
        }
        var ended = refusingSince.map(from -> new Outage(from, now));
        refusingSince = Optional.empty();
        lastOutage = ended.or(() -> lastOutage);
        return ended.isPresent();
    }

    /// The moment from which a mailbox is taken for silent because it was refused for too long, and has not
    /// been heard of since.
    Optional<Instant> silentAt(Mailbox mailbox, Duration statusFrequency) {
        var sign = Stream.of(mailbox.lastHeardAt(), mailbox.subscribedAt())
                .flatMap(Optional::stream)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
        return lastOutage.filter(outage -> outage.exceeds(statusFrequency.dividedBy(2)) && !sign.isAfter(outage.from()))
                .map(Outage::to);
    }
}
