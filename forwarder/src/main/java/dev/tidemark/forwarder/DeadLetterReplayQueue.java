package dev.tidemark.forwarder;

import dev.tidemark.store.ReplayStore;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.JournalPosition;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Queue of dead letters that an operator replays to a sink. Sends one at a time because a receiver may refuse
/// them again. [ReplayBacklog] owns it. Not thread-safe; guarded by the sink's lock.
final class DeadLetterReplayQueue {
    private static final int PAGE = 50;

    private final SinkWriteBuffer buffer;
    private final ReplayStore replays;
    private final Deque<DeadLetter> waiting = new ArrayDeque<>();
    private final Map<JournalPosition, DeadLetter> inFlight = new HashMap<>();
    private boolean reloadNeeded;

    DeadLetterReplayQueue(SinkWriteBuffer buffer, ReplayStore replays) {
        this.buffer = buffer;
        this.replays = replays;
        this.reloadNeeded = buffer.isFirst();
    }

    /// Reads the store again before the next letter.
    void reload() {
        reloadNeeded = true;
    }

    boolean isIdle() {
        return !reloadNeeded && waiting.isEmpty();
    }

    Optional<PendingDelivery> next() {
        if (!inFlight.isEmpty()) {
            return Optional.empty();
        }
        if (waiting.isEmpty() && reloadNeeded) {
            waiting.addAll(replays.recalled(buffer.sink(), PAGE));
            reloadNeeded = !waiting.isEmpty();
        }
        return Optional.ofNullable(waiting.poll()).map(letter -> {
            var delivery = PendingDelivery.of(letter.event(), DeliveryLanes.of(letter.event()));
            inFlight.put(delivery.position(), letter);
            return delivery;
        });
    }

    /// Deletes the dead letter of a delivered event; returns false if the event has none.
    boolean onDelivered(PendingDelivery delivery) {
        var letter = removeInFlight(delivery);
        letter.ifPresent(each -> buffer.deliveries().dropDeadLetter(each.id()));
        return letter.isPresent();
    }

    /// Puts the letter back to the front; returns false if the event has none.
    boolean requeue(PendingDelivery delivery) {
        var letter = removeInFlight(delivery);
        letter.ifPresent(waiting::addFirst);
        return letter.isPresent();
    }

    /// Keeps the letter of an event that was refused again; returns false if the event has none.
    boolean onRefused(PendingDelivery delivery, DeliveryOutcome.EventFailed failed, Instant now) {
        var letter = removeInFlight(delivery);
        letter.ifPresent(was -> replays.saveFailedRecall(was.refusedAgain(failed.reason(), failed.response(), now)));
        return letter.isPresent();
    }

    private Optional<DeadLetter> removeInFlight(PendingDelivery delivery) {
        return Optional.ofNullable(inFlight.remove(delivery.position()));
    }
}
