package dev.tidemark.listener;

import dev.tidemark.ews.message.SubscriptionStatus;
import dev.tidemark.store.CompensationTrigger;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.VerifiedCallback;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the response to each callback that the store has processed. The committing thread submits batches. A
/// separate thread sends the responses, so that the next batch is written meanwhile. Guarantees one response
/// per callback. Thread-safe.
final class CallbackAcknowledger implements AutoCloseable {
    /// Encodes the body of a response.
    @FunctionalInterface
    interface StatusEncoder {
        byte[] encode(SubscriptionStatus status);
    }

    private static final Logger LOG = LoggerFactory.getLogger(CallbackAcknowledger.class);
    private static final int MAX_BATCH_SIZE = 256;

    private final CompensationTrigger compensationTrigger;
    private final CallbackProbeRegistry probes;
    private final ListenerStats stats;
    private final CallbackResponse ok;
    private final CallbackResponse unsubscribe;
    private final BatchWorker<ProcessedCallback> worker;
    private volatile HeartbeatReceiver heartbeats = (mailbox, receivedAt) -> {};

    CallbackAcknowledger(
            StatusEncoder encoder,
            CompensationTrigger compensationTrigger,
            CallbackProbeRegistry probes,
            ListenerStats stats) {
        this.compensationTrigger = compensationTrigger;
        this.probes = probes;
        this.stats = stats;
        ok = CallbackResponse.xml(encoder.encode(SubscriptionStatus.OK));
        unsubscribe = CallbackResponse.xml(encoder.encode(SubscriptionStatus.UNSUBSCRIBE));
        worker = new BatchWorker<>("listener-acknowledge", MAX_BATCH_SIZE, this::respond, stats.faults);
    }

    CallbackAcknowledger start() {
        worker.start();
        return this;
    }

    void reportHeartbeatsTo(HeartbeatReceiver receiver) {
        heartbeats = receiver;
    }

    void submit(List<ProcessedCallback> batch) {
        worker.addAll(batch);
    }

    @Override
    public void close() {
        worker.close();
    }

    private void respond(List<ProcessedCallback> batch) {
        for (var processed : batch) {
            var pending = processed.decoded().pending();
            pending.respond(responseFor(processed));
            processed
                    .decoded()
                    .callback()
                    .trace()
                    .end(label(processed.outcome()), processed.outcome().isEmpty());
            if (processed.outcome().isPresent()) {
                stats.acknowledgements.recordNanos(pending.ageNanos());
            }
            if (processed
                    .outcome()
                    .filter(CallbackAcknowledger::needsCompensation)
                    .isPresent()) {
                triggerCompensation(processed.decoded());
            }
            if (processed.outcome().orElse(null) instanceof IntakeOutcome.Superseded) {
                probes.report(processed.decoded().callback());
            }
        }
        reportHeartbeats(batch);
    }

    /// Reports the heartbeats of a batch after all its responses, none of which waits for the sinks.
    private void reportHeartbeats(List<ProcessedCallback> batch) {
        for (var processed : batch) {
            if (processed.outcome().orElse(null) instanceof IntakeOutcome.HeartbeatOnly) {
                reportHeartbeat(processed.decoded().callback());
            }
        }
    }

    /// Reports a heartbeat. A lost one is replaced by the next, so a failure must not stop the responses.
    private void reportHeartbeat(VerifiedCallback callback) {
        try {
            heartbeats.receive(callback.attempt().mailbox(), callback.receivedAt());
        } catch (RuntimeException e) {
            stats.faults.increment();
            LOG.error("Failed to report a heartbeat of {}", callback.attempt().mailbox(), e);
        }
    }

    private CallbackResponse responseFor(ProcessedCallback processed) {
        LOG.debug("{}: {}", processed.decoded().callback().attempt(), processed.outcome());
        if (processed.outcome().isEmpty()) {
            stats.countRefused(RejectionReason.STORE);
            return RejectionReason.STORE.response();
        }
        return count(processed.outcome().get()) ? ok : unsubscribe;
    }

    /// Counts the outcome. Returns true if the subscription continues.
    private boolean count(IntakeOutcome outcome) {
        var continues = !(outcome instanceof IntakeOutcome.Superseded);
        (continues ? stats.acknowledged : stats.unsubscribed).increment();
        switch (outcome) {
            case IntakeOutcome.Stored stored -> count(stored.events(), stored.duplicates());
            case IntakeOutcome.Repeated repeated -> count(0, repeated.duplicates());
            case IntakeOutcome.HeartbeatOnly ignored -> stats.heartbeats.increment();
            case IntakeOutcome.Gap gap -> {
                count(gap.events(), gap.duplicates());
                stats.gaps.add(gap.counts() ? 1 : 0);
            }
            case IntakeOutcome.Ended ignored -> stats.ended.increment();
            case IntakeOutcome.Superseded ignored -> LOG.debug("Ending a superseded subscription");
        }
        return continues;
    }

    private static String label(Optional<IntakeOutcome> outcome) {
        if (outcome.isEmpty()) {
            return "refused";
        }
        return switch (outcome.get()) {
            case IntakeOutcome.Stored ignored -> "stored";
            case IntakeOutcome.Repeated ignored -> "repeated";
            case IntakeOutcome.HeartbeatOnly ignored -> "heartbeat";
            case IntakeOutcome.Gap ignored -> "gap";
            case IntakeOutcome.Ended ignored -> "ended";
            case IntakeOutcome.Superseded ignored -> "superseded";
        };
    }

    private void count(int events, int duplicates) {
        stats.events.add(events);
        stats.duplicates.add(duplicates);
    }

    private static boolean needsCompensation(IntakeOutcome outcome) {
        return outcome instanceof IntakeOutcome.Gap || outcome instanceof IntakeOutcome.Ended;
    }

    /// Triggers the compensation of the mailbox. A lost trigger only delays the compensation, so a failure must
    /// not stop the responses.
    private void triggerCompensation(DecodedCallback decoded) {
        var mailbox = decoded.callback().attempt().mailbox();
        try {
            compensationTrigger.raise(mailbox);
        } catch (RuntimeException e) {
            stats.faults.increment();
            LOG.error(
                    "Failed to trigger the compensation of {}; it starts at the next check of pending compensations",
                    mailbox,
                    e);
        }
    }
}
