package dev.tidemark.listener;

import dev.tidemark.ews.message.SubscriptionStatus;
import dev.tidemark.store.CompensationTrigger;
import dev.tidemark.store.model.IntakeOutcome;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns receipts into answers, on a thread of its own so that the next batch is written while these are
/// sent.
final class CallbackAcknowledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackAcknowledger.class);
    private static final int MAX_BATCH_SIZE = 256;

    private final CompensationTrigger compensationTrigger;
    private final ListenerStats stats;
    private final CallbackResponse ok;
    private final CallbackResponse unsubscribe;
    private final BatchWorker<ProcessedCallback> worker;

    CallbackAcknowledger(Function<SubscriptionStatus, byte[]> encoder, CompensationTrigger alarm, ListenerStats tally) {
        this.compensationTrigger = alarm;
        this.stats = tally;
        ok = CallbackResponse.xml(encoder.apply(SubscriptionStatus.OK));
        unsubscribe = CallbackResponse.xml(encoder.apply(SubscriptionStatus.UNSUBSCRIBE));
        worker = new BatchWorker<>("listener-acknowledge", MAX_BATCH_SIZE, this::respond, tally.faults);
    }

    CallbackAcknowledger start() {
        worker.start();
        return this;
    }

    void submit(List<ProcessedCallback> batch) {
        worker.addAll(batch);
    }

    @Override
    public void close() {
        worker.close();
    }

    private void respond(List<ProcessedCallback> batch) {
        for (var settled : batch) {
            settled.decoded().pending().respond(responseFor(settled));
            if (settled.receipt().filter(CallbackAcknowledger::needsCompensation).isPresent()) {
                triggerCompensation(settled.decoded());
            }
        }
    }

    private CallbackResponse responseFor(ProcessedCallback settled) {
        LOG.debug("{}: {}", settled.decoded().callback().attempt(), settled.receipt());
        if (settled.receipt().isEmpty()) {
            stats.countRefused(RejectionReason.STORE);
            return RejectionReason.STORE.response();
        }
        return count(settled.receipt().get()) ? ok : unsubscribe;
    }

    /// Counts, and says whether the subscription goes on.
    private boolean count(IntakeOutcome receipt) {
        var counts = !(receipt instanceof IntakeOutcome.Superseded);
        (counts ? stats.acknowledged : stats.unsubscribed).increment();
        switch (receipt) {
            case IntakeOutcome.Stored stored -> count(stored.events(), stored.duplicates());
            case IntakeOutcome.Repeated repeated -> count(0, repeated.duplicates());
            case IntakeOutcome.Heard ignored -> stats.heartbeats.increment();
            case IntakeOutcome.Gap gap -> {
                count(gap.events(), gap.duplicates());
                stats.gaps.add(gap.counts() ? 1 : 0);
            }
            case IntakeOutcome.Ended ignored -> stats.ended.increment();
            case IntakeOutcome.Superseded ignored -> LOG.debug("A superseded subscription is told to end.");
        }
        return counts;
    }

    private void count(int events, int duplicates) {
        stats.events.add(events);
        stats.duplicates.add(duplicates);
    }

    private static boolean needsCompensation(IntakeOutcome receipt) {
        return receipt instanceof IntakeOutcome.Gap || receipt instanceof IntakeOutcome.Ended;
    }

    /// A lost alarm only delays, so nothing it throws may keep an answer back.
    private void triggerCompensation(DecodedCallback decoded) {
        var mailbox = decoded.callback().attempt().mailbox();
        try {
            compensationTrigger.raise(mailbox);
        } catch (RuntimeException e) {
            stats.faults.increment();
            LOG.error("The alarm for {} failed; its compensation waits for the next look.", mailbox, e);
        }
    }
}
