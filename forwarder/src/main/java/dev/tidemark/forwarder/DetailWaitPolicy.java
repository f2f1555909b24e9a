package dev.tidemark.forwarder;

import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Decides whether an event may be sent or must wait for its item details. The event waits at most 60 s in a
/// deferred row, so only its own mailbox waits with it. After that it is sent without details.
///
/// @param startedAt start of the process; the 60 s of older events count from here
record DetailWaitPolicy(ItemDetailStore details, Instant startedAt) {
    static final Duration MAX_WAIT = Duration.ofSeconds(60);
    private static final Duration MIN_PAUSE = Duration.ofMillis(100);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

    /// Returns the time of the next check; empty if the event may be sent.
    Optional<Instant> checkAgainAt(JournalEvent event, Instant now) {
        if (!details.wantsDetail(event) || details.find(event.position()).isPresent()) {
            return Optional.empty();
        }
        var recordedAt = event.recordedAt();
        // if the clock was set back, earlier events may lie in the future
        var from = recordedAt.isAfter(startedAt) && !recordedAt.isAfter(now) ? recordedAt : startedAt;
        var deadline = from.plus(MAX_WAIT);
        if (!now.isBefore(deadline)) {
            details.save(Map.of(event.position(), new ItemDetail.Unavailable()));
            return Optional.empty();
        }
        var next = now.plus(pause(Duration.between(from, now)));
        return Optional.of(next.isBefore(deadline) ? next : deadline);
    }

    /// Returns half the age of the event within limits, so that checks become rarer.
    private static Duration pause(Duration age) {
        var half = age.dividedBy(2);
        var enough = half.compareTo(MIN_PAUSE) < 0 ? MIN_PAUSE : half;
        return enough.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : enough;
    }
}
