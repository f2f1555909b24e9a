package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkState.Active;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Chooses the next request of a sink within the limits of its health, and counts requests in flight.
/// [SinkController] calls it. Not thread-safe; guarded by the sink's lock.
final class DeliveryDispatcher {
    private final SinkBacklog backlog;
    private final ReplayBacklog replays;
    private final SinkHealthTracker health;
    private final Consumer<DeliveryBatch> sender;
    private int inFlight;
    private int parkedInFlight;
    private int replaysInFlight;
    private boolean lastWasReplay;
    private boolean lastWasParked;
    private boolean probing;
    private int probes;
    private long sent;

    DeliveryDispatcher(SinkController.Sources sources, SinkHealthTracker health, Consumer<DeliveryBatch> sender) {
        this.backlog = sources.backlog();
        this.replays = sources.replays();
        this.health = health;
        this.sender = sender;
    }

    /// Sends every request that is allowed now.
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

    /// Limits replays to half of the concurrent requests. With a limit of one, replays take every second
    /// request.
    private boolean sendReplay(Instant now, int limit) {
        var share = limit == 1 ? !lastWasReplay || !backlog.hasReady() : replaysInFlight < limit / 2;
        if (!share || replays.isIdle()) {
            return false;
        }
        var next = replays.next(now);
        if (!next.isEmpty()) {
            send(next, DeliveryBatch.Kind.REPLAY, now);
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

    /// Limits deferred lanes to half of the concurrent requests. With a limit of one, they take every second
    /// request.
    private boolean mayTakeParked(int limit) {
        return limit == 1 ? !lastWasParked : parkedInFlight < limit / 2;
    }

    private void probe(SinkState state, Instant now) {
        var due = state.probeDue().filter(time -> !time.isAfter(now)).isPresent();
        if (due && !probing) {
            backlog.probe(now, probes % 2 == 1)
                    .ifPresentOrElse(
                            delivery -> probe(delivery, DeliveryBatch.Kind.PROBE, now),
                            () -> replays.probe(now)
                                    .ifPresent(delivery -> probe(delivery, DeliveryBatch.Kind.REPLAY_PROBE, now)));
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
        var batch = new DeliveryBatch(attempted, ++sent, kind);
        inFlight++;
        lastWasReplay = batch.isReplay();
        replaysInFlight += lastWasReplay ? 1 : 0;
        lastWasParked = batch.isParked();
        parkedInFlight += lastWasParked ? 1 : 0;
        health.rate().take(batch.size(), now);
        sender.accept(batch);
    }

    /// Records the result of a request.
    void onReturned(DeliveryBatch batch) {
        inFlight--;
        parkedInFlight -= batch.isParked() ? 1 : 0;
        probing &= !batch.isProbe();
        replaysInFlight -= batch.isReplay() ? 1 : 0;
    }

    /// Returns the number of requests sent so far, which is the number of the latest one.
    long sent() {
        return sent;
    }

    boolean isIdle() {
        return inFlight == 0;
    }

    /// Returns the next time at which something is due. A response triggers a step itself, so requests in
    /// flight do not count.
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
        var lingerEnds = RetrySchedule.earlier(
                share ? replays.nextDue(now) : Instant.MAX, backlog.lingerEnds().orElse(Instant.MAX));
        return mayTakeParked(active.limit()) || !backlog.hasReady()
                ? RetrySchedule.earlier(lingerEnds, backlog.nextDue().orElse(Instant.MAX))
                : lingerEnds;
    }

    /// A due probe that was not sent waits for an event to send.
    private Instant probeDue(SinkState state, Instant now) {
        return state.probeDue()
                .filter(time -> time.isAfter(now) && !probing)
                .or(() ->
                        Optional.of(RetrySchedule.earlier(backlog.nextDue().orElse(Instant.MAX), replays.nextDue(now))))
                .filter(time -> time.isAfter(now))
                .orElse(Instant.MAX);
    }
}
