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
    private static final int MOST = 256;

    private final CompensationTrigger alarm;
    private final ListenerStats tally;
    private final CallbackResponse ok;
    private final CallbackResponse unsubscribe;
    private final BatchWorker<ProcessedCallback> stage;

    CallbackAcknowledger(Function<SubscriptionStatus, byte[]> encoder, CompensationTrigger alarm, ListenerStats tally) {
        this.alarm = alarm;
        this.tally = tally;
        ok = CallbackResponse.xml(encoder.apply(SubscriptionStatus.OK));
        unsubscribe = CallbackResponse.xml(encoder.apply(SubscriptionStatus.UNSUBSCRIBE));
        stage = new BatchWorker<>("listener-acknowledge", MOST, this::answer, tally.faults);
    }

    CallbackAcknowledger start() {
        stage.start();
        return this;
    }

    void put(List<ProcessedCallback> batch) {
        stage.putAll(batch);
    }

    @Override
    public void close() {
        stage.close();
    }

    private void answer(List<ProcessedCallback> batch) {
        for (var settled : batch) {
            settled.decoded().pending().answer(answerTo(settled));
            if (settled.receipt().filter(CallbackAcknowledger::owesCompensation).isPresent()) {
                raise(settled.decoded());
            }
        }
    }

    private CallbackResponse answerTo(ProcessedCallback settled) {
        LOG.debug("{}: {}", settled.decoded().callback().attempt(), settled.receipt());
        if (settled.receipt().isEmpty()) {
            tally.refused(RejectionReason.STORE);
            return RejectionReason.STORE.answer();
        }
        return count(settled.receipt().get()) ? ok : unsubscribe;
    }

    /// Counts, and says whether the subscription goes on.
    private boolean count(IntakeOutcome receipt) {
        var counts = !(receipt instanceof IntakeOutcome.Superseded);
        (counts ? tally.acknowledged : tally.unsubscribed).increment();
        switch (receipt) {
            case IntakeOutcome.Stored stored -> count(stored.events(), stored.duplicates());
            case IntakeOutcome.Repeated repeated -> count(0, repeated.duplicates());
            case IntakeOutcome.HeartbeatOnly ignored -> tally.heartbeats.increment();
            case IntakeOutcome.Gap gap -> {
                count(gap.events(), gap.duplicates());
                tally.gaps.add(gap.counts() ? 1 : 0);
            }
            case IntakeOutcome.Ended ignored -> tally.ended.increment();
            case IntakeOutcome.Superseded ignored -> LOG.debug("A superseded subscription is told to end.");
        }
        return counts;
    }

    private void count(int events, int duplicates) {
        tally.events.add(events);
        tally.duplicates.add(duplicates);
    }

    private static boolean owesCompensation(IntakeOutcome receipt) {
        return receipt instanceof IntakeOutcome.Gap || receipt instanceof IntakeOutcome.Ended;
    }

    /// A lost alarm only delays, so nothing it throws may keep an answer back.
    private void raise(DecodedCallback decoded) {
        var mailbox = decoded.callback().attempt().mailbox();
        try {
            alarm.raise(mailbox);
        } catch (RuntimeException e) {
            tally.faults.increment();
            LOG.error("The alarm for {} failed; its compensation waits for the next look.", mailbox, e);
        }
    }
}
