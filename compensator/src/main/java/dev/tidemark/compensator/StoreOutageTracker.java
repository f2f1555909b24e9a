package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Tracks periods in which callbacks were refused because the store could not write. Exchange retries for at
/// most one status frequency, so a subscription refused for half of it may already be lost (docs,
/// statusfrequency). The sweep thread observes outages; many threads read them.
final class StoreOutageTracker {
    private record Outage(Instant from, Instant to) {
        boolean exceeds(Duration length) {
            return Duration.between(from, to).compareTo(length) > 0;
        }
    }

    private Optional<Instant> refusingSince = Optional.empty();
    private volatile Optional<Outage> lastOutage = Optional.empty();

    /// Records whether the store accepts callbacks now. Returns true if an outage has just ended.
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

    /// Returns the time from which a mailbox counts as silent after an outage. Empty if the outage was short,
    /// or the mailbox called back since.
    Optional<Instant> silentAt(Mailbox mailbox, Duration statusFrequency) {
        var lastSign = Stream.of(mailbox.lastHeardAt(), mailbox.subscribedAt())
                .flatMap(Optional::stream)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
        return lastOutage
                .filter(outage -> outage.exceeds(statusFrequency.dividedBy(2)) && !lastSign.isAfter(outage.from()))
                .map(Outage::to);
    }
}
