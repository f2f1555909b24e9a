package dev.tidemark.daemon.admin.listing;

import dev.tidemark.store.Journal;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.MailboxId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Finds the times at which mailboxes failed: those of their newest `subscription.failed` in the journal. Remembers
/// them for ten minutes, because status, readiness and metrics need them every few seconds. Thread-safe.
public final class MailboxFailureTimes {
    /// Limit of reads of the journal in one call.
    static final int MAX_READS = 200;

    private static final Duration MAX_AGE = Duration.ofMinutes(10);
    private static final String FAILED = "subscription.failed";

    /// Limit of entries that one search reads. A failed mailbox has few newer ones: only its old subscription may
    /// still call back.
    private static final int MAX_ENTRIES = 50;

    /// Result of a search.
    ///
    /// @param failedAt empty if retention has removed the event, or if too many entries follow it
    private record Reading(Optional<Instant> failedAt, Instant readAt) {
        boolean isFresh(Instant now) {
            return !readAt.isAfter(now) && readAt.plus(MAX_AGE).isAfter(now);
        }
    }

    private final Journal journal;
    private final Clock clock;
    private final ReentrantLock reading = new ReentrantLock();
    /// guarded by `reading`
    private final Map<MailboxId, Reading> readings = new HashMap<>();
    private volatile Optional<Instant> latest = Optional.empty();

    public MailboxFailureTimes(Journal journal, Clock clock) {
        this.journal = journal;
        this.clock = clock;
    }

    /// Returns the time at which the first of these mailboxes failed. Returns empty if one of the times is
    /// unknown: retention has removed its event, too many entries follow it, or only the next calls read it,
    /// because there are so many mailboxes.
    ///
    /// @param failed all mailboxes that are failed now; others are forgotten
    /// @throws dev.tidemark.store.StoreException if the journal cannot be read
    public Optional<Instant> earliest(Collection<MailboxId> failed) {
        // health checks must not wait in a row for a database that does not respond
        if (!reading.tryLock()) {
            return latest;
        }
        try {
            latest = read(failed);
            return latest;
        } finally {
            reading.unlock();
        }
    }

    private Optional<Instant> read(Collection<MailboxId> failed) {
        var now = clock.instant();
        readings.keySet().retainAll(Set.copyOf(failed));
        failed.stream()
                .filter(id -> !isFresh(id, now))
                .limit(MAX_READS)
                .forEach(id -> readings.put(id, new Reading(failedAt(id), now)));
        var isComplete = readings.keySet().containsAll(failed)
                && readings.values().stream()
                        .allMatch(reading -> reading.failedAt().isPresent());
        return isComplete
                ? readings.values().stream()
                        .flatMap(reading -> reading.failedAt().stream())
                        .min(Instant::compareTo)
                : Optional.empty();
    }

    private boolean isFresh(MailboxId id, Instant now) {
        return Optional.ofNullable(readings.get(id))
                .filter(reading -> reading.isFresh(now))
                .isPresent();
    }

    private Optional<Instant> failedAt(MailboxId id) {
        return journal.newest(id, event -> event.type().equals(FAILED), 1, MAX_ENTRIES).stream()
                .findFirst()
                .map(JournalEvent::recordedAt);
    }
}
