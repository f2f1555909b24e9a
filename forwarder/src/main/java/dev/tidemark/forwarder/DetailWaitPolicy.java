package dev.tidemark.forwarder;

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
record DetailWaitPolicy(ItemDetailStore details, Instant startedAt) {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SOONEST = Duration.ofMillis(100);
    private static final Duration LATEST = Duration.ofSeconds(5);

    /// When to look again; empty where the event may go.
    Optional<Instant> until(JournalEvent event, Instant now) {
        if (!details.wantsDetail(event) || details.find(event.position()).isPresent()) {
            return Optional.empty();
        }
        var recordedAt = event.recordedAt();
        // where the clock was set back, what was journalled before may lie in the future
        var from = recordedAt.isAfter(startedAt) && !recordedAt.isAfter(now) ? recordedAt : startedAt;
        var deadline = from.plus(PATIENCE);
        if (!now.isBefore(deadline)) {
            details.save(Map.of(event.position(), new ItemDetail.Unavailable()));
            return Optional.empty();
        }
        var next = now.plus(pause(Duration.between(from, now)));
        return Optional.of(next.isBefore(deadline) ? next : deadline);
    }

    /// Often while it is young, and less so the longer it takes.
    private static Duration pause(Duration age) {
        var half = age.dividedBy(2);
        var enough = half.compareTo(SOONEST) < 0 ? SOONEST : half;
        return enough.compareTo(LATEST) > 0 ? LATEST : enough;
    }
}
