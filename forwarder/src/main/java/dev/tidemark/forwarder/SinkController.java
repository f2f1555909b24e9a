package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkState.Active;
import dev.tidemark.forwarder.backlog.InstantMath;
import dev.tidemark.forwarder.backlog.SinkBacklog;
import dev.tidemark.forwarder.backlog.SinkJournalReader;
import dev.tidemark.forwarder.backlog.SinkWriteBuffer;
import dev.tidemark.forwarder.target.DeliveryResult;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where all that happens to a sink comes together. Each step does what is due and says when the next is;
/// nothing in here waits. Used by one thread, except [#stop].
public final class SinkController {
    private final SinkBacklog backlog;
    private final ReplayBacklog encore;
    private final SinkHealthTracker condition;
    private final SinkWriteBuffer ledger;
    private final DeliveryDispatcher dispatcher;
    private final DeliveryOutcomeHandler settlement;
    private final Clock clock;
    private final UnattributedFailures suspects = new UnattributedFailures();
    private boolean moreToRead;
    private volatile boolean stopping;

    /// What there is to send.
    record Sources(SinkBacklog backlog, ReplayBacklog encore) {}

    SinkController(
            Sources supply,
            SinkHealthTracker condition,
            SinkWriteBuffer ledger,
            EventFailurePolicy failures,
            DeliveryBatchSender outbox,
            Clock clock) {
        this.backlog = supply.backlog();
        this.encore = supply.encore();
        this.condition = condition;
        this.ledger = ledger;
        this.dispatcher = new DeliveryDispatcher(supply, condition, outbox);
        this.settlement = new DeliveryOutcomeHandler(supply, condition, ledger, failures);
        this.clock = clock;
    }

    /// What others may know of the sink.
    ///
    /// @param read how far the journal was read
    /// @param waiting events read and not done, those in rows left out
    record Snapshot(
            SinkState state, JournalPosition read, int waiting, Optional<Instant> oldest, Optional<String> lastError) {}

    /// @throws dev.tidemark.store.StoreException if the store fails; the step may be repeated
    Instant step() {
        var now = clock.instant();
        // first, so that a thread that was kept waiting sends nothing more before it has saved
        var saved = saveIfDue(now);
        if (!stopping) {
            resolveSuspectFailures(now);
            moreToRead = backlog.fill(now);
            dispatcher.dispatch(now);
        }
        var save = InstantMath.earlier(saved, saveIfDue(now));
        return stopping ? save : InstantMath.earlier(save, nextDue(now));
    }

    private Instant saveIfDue(Instant now) {
        return InstantMath.earlier(ledger.flushIfDue(now), encore.saveIfDue(now));
    }

    private Instant nextDue(Instant now) {
        return moreToRead ? now : InstantMath.earlier(suspects.expiresAt(), dispatcher.nextDue(now));
    }

    /// Something to read from the journal that nobody should wait for; whoever asks reads it and brings it to
    /// [#admit].
    Optional<SinkJournalReader.ReadAhead> readAhead() {
        return stopping ? Optional.empty() : backlog.readAhead();
    }

    void enqueueReadAhead(SinkJournalReader.ReadAhead read, List<JournalEvent> events) {
        backlog.enqueueReadAhead(read, events, clock.instant());
    }

    /// A request came back.
    void onResult(DeliveryBatch shipment, DeliveryResult answer) {
        var now = clock.instant();
        dispatcher.onReturned(shipment);
        var verdict = condition.classify(shipment, answer, now);
        if (verdict instanceof DeliveryOutcome.SinkFailed failed && isSuspect(failed)) {
            condition.onSuspectFailure(failed.reason());
            suspects.add(shipment, failed, now);
        } else {
            settlement.apply(shipment, verdict, dispatcher.sent(), now);
        }
        resolveSuspectFailures(now);
    }

    private boolean isSuspect(DeliveryOutcome.SinkFailed failed) {
        return failed.retryAt().isEmpty() && condition.isTrusted() && !suspects.isFull();
    }

    /// A success shows that it was the events' fault; a sink that is not active any more, or from which
    /// nothing was heard for a while, that it was the sink's.
    private void resolveSuspectFailures(Instant now) {
        if (suspects.isEmpty()) {
            return;
        }
        var othersSucceed = condition.othersSucceed(suspects.first().shipment());
        var active = condition.state() instanceof Active;
        if (!othersSucceed && active) {
            if (suspects.expiresAt().isAfter(now)) {
                return;
            }
            condition.onSuspectsExpired(suspects);
        }
        for (var doubt : suspects.removeAll()) {
            if (othersSucceed) {
                settlement.apply(doubt.shipment(), doubt.ofEvent(), dispatcher.sent(), now);
            } else {
                settlement.requeue(doubt.shipment(), now);
            }
        }
    }

    /// An operator ordered a replay.
    void reloadReplays() {
        encore.reload();
    }

    public void enable() {
        condition.enabledByOperator();
    }

    void disable() {
        condition.disabledByOperator(clock.instant());
    }

    /// No step that begins from here on sends anything new. Any thread may say so.
    void stop() {
        stopping = true;
    }

    boolean isIdle() {
        return stopping && dispatcher.isIdle();
    }

    /// Writes everything that is not in the store yet.
    void flush() {
        encore.save();
        ledger.flush(clock.instant());
    }

    Snapshot snapshot() {
        return new Snapshot(
                condition.state(),
                backlog.read(),
                backlog.windowSize(),
                backlog.oldest().map(JournalEvent::recordedAt),
                condition.lastError());
    }
}
