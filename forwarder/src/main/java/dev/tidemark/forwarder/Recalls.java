package dev.tidemark.forwarder;

import dev.tidemark.watermark.DeadLetter;
import dev.tidemark.watermark.Replays;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Dead letters that an operator wants a sink to get once more, one at a time: whoever was refused before may
/// be so again. Used by one thread.
final class Recalls {
    private static final int PAGE = 50;

    private final SinkLedger ledger;
    private final Replays replays;
    private final Deque<DeadLetter> waiting = new ArrayDeque<>();
    private final Map<Delivery.Key, DeadLetter> underWay = new HashMap<>();
    private boolean look = true;

    Recalls(SinkLedger ledger, Replays replays) {
        this.ledger = ledger;
        this.replays = replays;
    }

    /// There may be something new in the store.
    void look() {
        look = true;
    }

    boolean isIdle() {
        return !look && waiting.isEmpty();
    }

    Optional<Delivery> next() {
        if (!underWay.isEmpty()) {
            return Optional.empty();
        }
        if (waiting.isEmpty() && look) {
            waiting.addAll(replays.recalled(ledger.sink(), PAGE));
            look = !waiting.isEmpty();
        }
        return Optional.ofNullable(waiting.poll()).map(letter -> {
            var delivery = Delivery.fresh(letter.event(), Lanes.of(letter.event()));
            underWay.put(delivery.key(), letter);
            return delivery;
        });
    }

    /// Drops the letter of an event that was taken; returns whether there is one.
    boolean taken(Delivery delivery) {
        var letter = returned(delivery);
        letter.ifPresent(each -> ledger.deliveries().dropDeadLetter(each.id()));
        return letter.isPresent();
    }

    /// Returns whether the event is a letter's.
    boolean putBack(Delivery delivery) {
        var letter = returned(delivery);
        letter.ifPresent(waiting::addFirst);
        return letter.isPresent();
    }

    /// The letter of an event that was refused again stays one; returns whether there is one.
    boolean refused(Delivery delivery, String reason, Instant now) {
        var letter = returned(delivery);
        letter.ifPresent(was ->
                replays.refused(new DeadLetter(was.id(), was.sink(), was.event(), reason, was.attempts() + 1, now)));
        return letter.isPresent();
    }

    private Optional<DeadLetter> returned(Delivery delivery) {
        return Optional.ofNullable(underWay.remove(delivery.key()));
    }
}
