package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkState.Active;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Chooses what a sink gets next, as far as its condition lets it have something, and knows how much is under
/// way. Used by one thread.
final class DeliveryDispatcher {
    private final SinkBacklog backlog;
    private final ReplayBacklog encore;
    private final SinkHealthTracker condition;
    private final DeliveryBatchSender outbox;
    private int inFlight;
    private int parkedInFlight;
    private int encoresInFlight;
    private boolean lastWasEncore;
    private boolean lastWasParked;
    private boolean probing;
    private int probes;
    private long sent;

    DeliveryDispatcher(SinkController.Sources supply, SinkHealthTracker condition, DeliveryBatchSender outbox) {
        this.backlog = supply.backlog();
        this.encore = supply.encore();
        this.condition = condition;
        this.outbox = outbox;
    }

    /// Sends whatever may go now.
    void dispatch(Instant now) {
        switch (condition.state()) {
            case Active active -> {
                probes = 0;
                while (inFlight < active.limit() && condition.rate().allows(now) && sendEncore(now, active.limit())) {
                    // each turn sends one request
                }
                while (inFlight < active.limit() && condition.rate().allows(now) && sendNext(now, active.limit())) {
                    // each turn sends one request
                }
            }
            case SinkState.Held held -> probe(held, now);
            case SinkState.Disabled disabled -> probe(disabled, now);
            case SinkState.Refused refused -> probe(refused, now);
        }
    }

    /// What is sent once more gets half of the requests at most, and where there is but one, every other.
    private boolean sendEncore(Instant now, int limit) {
        var share = limit == 1 ? !lastWasEncore || !backlog.hasReady() : encoresInFlight < limit / 2;
        if (!share || encore.isIdle()) {
            return false;
        }
        var next = encore.next(now);
        if (!next.isEmpty()) {
            send(next, DeliveryBatch.Kind.ENCORE, now);
        }
        return !next.isEmpty();
    }

    private boolean sendNext(Instant now, int limit) {
        var next = backlog.next(now, parkedMayGo(limit));
        if (!next.isEmpty()) {
            send(next, DeliveryBatch.Kind.LIVE, now);
        }
        return !next.isEmpty();
    }

    /// Lanes in trouble get half of the requests, and where there is but one, every other.
    private boolean parkedMayGo(int limit) {
        return limit == 1 ? !lastWasParked : parkedInFlight < limit / 2;
    }

    private void probe(SinkState state, Instant now) {
        var due = state.probeDue().filter(moment -> !moment.isAfter(now)).isPresent();
        if (due && !probing) {
            backlog.probe(now, probes % 2 == 1)
                    .ifPresentOrElse(
                            delivery -> probe(delivery, DeliveryBatch.Kind.PROBE, now),
                            () -> encore.probe(now)
                                    .ifPresent(delivery -> probe(delivery, DeliveryBatch.Kind.PROBE_ENCORE, now)));
        }
    }

    private void probe(PendingDelivery delivery, DeliveryBatch.Kind kind, Instant now) {
        probing = true;
        probes++;
        send(List.of(delivery), kind, now);
    }

    private void send(List<PendingDelivery> deliveries, DeliveryBatch.Kind kind, Instant now) {
        var successes = condition.successes();
        var attempted = new ArrayList<PendingDelivery>(deliveries.size());
        deliveries.forEach(each -> attempted.add(each.attempting(successes)));
        var shipment = new DeliveryBatch(attempted, ++sent, kind);
        inFlight++;
        lastWasEncore = shipment.encore();
        encoresInFlight += lastWasEncore ? 1 : 0;
        lastWasParked = shipment.isParked();
        parkedInFlight += lastWasParked ? 1 : 0;
        condition.rate().took(shipment.size(), now);
        outbox.send(shipment);
    }

    /// A request came back.
    void returned(DeliveryBatch shipment) {
        inFlight--;
        parkedInFlight -= shipment.isParked() ? 1 : 0;
        probing &= !shipment.probe();
        encoresInFlight -= shipment.encore() ? 1 : 0;
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
        return switch (condition.state()) {
            case Active active -> inFlight < active.limit() ? nextSending(active, now) : Instant.MAX;
            case SinkState.Held held -> probeDue(held, now);
            case SinkState.Disabled disabled -> probeDue(disabled, now);
            case SinkState.Refused refused -> probeDue(refused, now);
        };
    }

    private Instant nextSending(Active active, Instant now) {
        if (!condition.rate().allows(now)) {
            return condition.rate().next();
        }
        var share = active.limit() == 1 || encoresInFlight < active.limit() / 2;
        var lingerEnds = InstantMath.earlier(
                share ? encore.nextDue(now) : Instant.MAX, backlog.lingerEnds().orElse(Instant.MAX));
        return parkedMayGo(active.limit()) || !backlog.hasReady()
                ? InstantMath.earlier(lingerEnds, backlog.nextDue().orElse(Instant.MAX))
                : lingerEnds;
    }

    /// A probe that is due and was not sent waits for an event to probe with.
    private Instant probeDue(SinkState state, Instant now) {
        return state.probeDue()
                .filter(moment -> moment.isAfter(now) && !probing)
                .or(() -> Optional.of(InstantMath.earlier(backlog.nextDue().orElse(Instant.MAX), encore.nextDue(now))))
                .filter(moment -> moment.isAfter(now))
                .orElse(Instant.MAX);
    }
}
