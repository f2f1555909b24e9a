package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkState.Active;
import dev.tidemark.forwarder.backlog.InstantMath;
import dev.tidemark.forwarder.backlog.PendingDelivery;
import dev.tidemark.forwarder.backlog.SinkBacklog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Chooses what a sink gets next, as far as its condition lets it have something, and knows how much is under
/// way. Used by one thread.
final class DeliveryDispatcher {
    private final SinkBacklog backlog;
    private final ReplayBacklog replays;
    private final SinkHealthTracker health;
    private final DeliveryBatchSender sender;
    private int inFlight;
    private int parkedInFlight;
    private int replaysInFlight;
    private boolean lastWasReplay;
    private boolean lastWasParked;
    private boolean probing;
    private int probes;
    private long sent;

    DeliveryDispatcher(SinkController.Sources supply, SinkHealthTracker condition, DeliveryBatchSender outbox) {
        this.backlog = supply.backlog();
        this.replays = supply.encore();
        this.health = condition;
        this.sender = outbox;
    }

    /// Sends whatever may go now.
    void dispatch(Instant now) {
        switch (health.state()) {
            case Active active -> {
                probes = 0;
                while (inFlight < active.limit() && health.rate().allows(now) && sendReplay(now, active.limit())) {
                    // each turn sends one request
                }
                while (inFlight < active.limit() && health.rate().allows(now) && sendNext(now, active.limit())) {
                    // each turn sends one request
                }
            }
            case SinkState.Held held -> probe(held, now);
            case SinkState.Disabled disabled -> probe(disabled, now);
            case SinkState.Refused refused -> probe(refused, now);
        }
    }

    /// What is sent once more gets half of the requests at most, and where there is but one, every other.
    private boolean sendReplay(Instant now, int limit) {
        var share = limit == 1 ? !lastWasReplay || !backlog.hasReady() : replaysInFlight < limit / 2;
        if (!share || replays.isIdle()) {
            return false;
        }
        var next = replays.next(now);
        if (!next.isEmpty()) {
            send(next, DeliveryBatch.Kind.ENCORE, now);
        }
        return !next.isEmpty();
    }

    private boolean sendNext(Instant now, int limit) {
        var next = backlog.next(now, mayTakeParked(limit));
        if (!next.isEmpty()) {
            send(next, DeliveryBatch.Kind.LIVE, now);
        }
        return !next.isEmpty();
    }

    /// Lanes in trouble get half of the requests, and where there is but one, every other.
    private boolean mayTakeParked(int limit) {
        return limit == 1 ? !lastWasParked : parkedInFlight < limit / 2;
    }

    private void probe(SinkState state, Instant now) {
        var due = state.probeDue().filter(moment -> !moment.isAfter(now)).isPresent();
        if (due && !probing) {
            backlog.probe(now, probes % 2 == 1)
                    .ifPresentOrElse(
                            delivery -> probe(delivery, DeliveryBatch.Kind.PROBE, now),
                            () -> replays.probe(now)
                                    .ifPresent(delivery -> probe(delivery, DeliveryBatch.Kind.PROBE_ENCORE, now)));
        }
    }

    private void probe(PendingDelivery delivery, DeliveryBatch.Kind kind, Instant now) {
        probing = true;
        probes++;
        send(List.of(delivery), kind, now);
    }

    private void send(List<PendingDelivery> deliveries, DeliveryBatch.Kind kind, Instant now) {
        var successes = health.successes();
        var attempted = new ArrayList<PendingDelivery>(deliveries.size());
        deliveries.forEach(each -> attempted.add(each.withAttempt(successes)));
        var shipment = new DeliveryBatch(attempted, ++sent, kind);
        inFlight++;
        lastWasReplay = shipment.isReplay();
        replaysInFlight += lastWasReplay ? 1 : 0;
        lastWasParked = shipment.isParked();
        parkedInFlight += lastWasParked ? 1 : 0;
        health.rate().record(shipment.size(), now);
        sender.send(shipment);
    }

    /// A request came back.
    void onReturned(DeliveryBatch shipment) {
        inFlight--;
        parkedInFlight -= shipment.isParked() ? 1 : 0;
        probing &= !shipment.isProbe();
        replaysInFlight -= shipment.isReplay() ? 1 : 0;
    }

    /// How many requests were sent so far; the number of the latest.
    long sent() {
        return sent;
    }

    boolean isIdle() {
        return inFlight == 0;
    }

    /// What is under way wakes the desk when it comes back, so only moments that nothing else announces
    /// count.
    Instant nextDue(Instant now) {
        return switch (health.state()) {
            case Active active -> inFlight < active.limit() ? nextSending(active, now) : Instant.MAX;
            case SinkState.Held held -> probeDue(held, now);
            case SinkState.Disabled disabled -> probeDue(disabled, now);
            case SinkState.Refused refused -> probeDue(refused, now);
        };
    }

    private Instant nextSending(Active active, Instant now) {
        if (!health.rate().allows(now)) {
            return health.rate().nextAllowedAt();
        }
        var share = active.limit() == 1 || replaysInFlight < active.limit() / 2;
        var lingerEnds = InstantMath.earlier(
                share ? replays.nextDue(now) : Instant.MAX, backlog.lingerEnds().orElse(Instant.MAX));
        return mayTakeParked(active.limit()) || !backlog.hasReady()
                ? InstantMath.earlier(lingerEnds, backlog.nextDue().orElse(Instant.MAX))
                : lingerEnds;
    }

    /// A probe that is due and was not sent waits for an event to probe with.
    private Instant probeDue(SinkState state, Instant now) {
        return state.probeDue()
                .filter(moment -> moment.isAfter(now) && !probing)
                .or(() -> Optional.of(InstantMath.earlier(backlog.nextDue().orElse(Instant.MAX), replays.nextDue(now))))
                .filter(moment -> moment.isAfter(now))
                .orElse(Instant.MAX);
    }
}
