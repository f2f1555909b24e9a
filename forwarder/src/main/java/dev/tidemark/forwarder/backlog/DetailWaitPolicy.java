package dev.tidemark.forwarder.backlog;

import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Whether an event may go, or what it is to tell of its item is still being fetched. It waits a minute at
/// most, in a row of its own, so that nothing but its own mailbox waits with it; then it is settled that it
/// goes without.
///
/// @param startedAt of the process: what was journalled before has its minute from there
public record DetailWaitPolicy(ItemDetailStore details, Instant startedAt) {
    static final Duration MAX_WAIT = Duration.ofSeconds(60);
    private static final Duration MIN_PAUSE = Duration.ofMillis(100);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

    /// When to look again; empty where the event may go.
    Optional<Instant> checkAgainAt(JournalEvent event, Instant now) {
        if (!details.wanted(event) || details.at(event.position()).isPresent()) {
            return Optional.empty();
        }
        var recordedAt = event.recordedAt();
        // where the clock was set back, what was journalled before may lie in the future
        var from = recordedAt.isAfter(startedAt) && !recordedAt.isAfter(now) ? recordedAt : startedAt;
        var deadline = from.plus(MAX_WAIT);
        if (!now.isBefore(deadline)) {
            details.settle(Map.of(event.position(), new ItemDetail.Unavailable()));
            return Optional.empty();
        }
        var next = now.plus(pause(Duration.between(from, now)));
        return Optional.of(next.isBefore(deadline) ? next : deadline);
    }

    /// Often while it is young, and less so the longer it takes.
    private static Duration pause(Duration age) {
        var half = age.dividedBy(2);
        var enough = half.compareTo(MIN_PAUSE) < 0 ? MIN_PAUSE : half;
        return enough.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : enough;
    }
}
