package dev.tidemark.listener;

import dev.tidemark.ews.SubscriptionStatus;
import dev.tidemark.watermark.CompensationAlarm;
import dev.tidemark.watermark.Receipt;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns receipts into answers, on a thread of its own so that the next batch is written while these are
/// sent.
final class Acknowledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Acknowledger.class);
    private static final int MOST = 256;

    private final CompensationAlarm alarm;
    private final Tally tally;
    private final Answer ok;
    private final Answer unsubscribe;
    private final Stage<Settled> stage;

    Acknowledger(Function<SubscriptionStatus, byte[]> encoder, CompensationAlarm alarm, Tally tally) {
        this.alarm = alarm;
        this.tally = tally;
        ok = Answer.xml(encoder.apply(SubscriptionStatus.OK));
        unsubscribe = Answer.xml(encoder.apply(SubscriptionStatus.UNSUBSCRIBE));
        stage = new Stage<>("listener-acknowledge", MOST, this::answer, tally.faults);
    }

    Acknowledger start() {
        stage.start();
        return this;
    }

    void put(List<Settled> batch) {
        stage.putAll(batch);
    }

    @Override
    public void close() {
        stage.close();
    }

    private void answer(List<Settled> batch) {
        for (var settled : batch) {
            settled.decoded().pending().answer(answerTo(settled));
            if (settled.receipt().filter(Acknowledger::owesCompensation).isPresent()) {
                raise(settled.decoded());
            }
        }
    }

    private Answer answerTo(Settled settled) {
        LOG.debug("{}: {}", settled.decoded().callback().attempt(), settled.receipt());
        if (settled.receipt().isEmpty()) {
            tally.refused(Refusal.STORE);
            return Refusal.STORE.answer();
        }
        return count(settled.receipt().get()) ? ok : unsubscribe;
    }

    /// Counts, and says whether the subscription goes on.
    private boolean count(Receipt receipt) {
        var counts = !(receipt instanceof Receipt.Superseded);
        (counts ? tally.acknowledged : tally.unsubscribed).increment();
        switch (receipt) {
            case Receipt.Stored stored -> count(stored.events(), stored.duplicates());
            case Receipt.Repeated repeated -> count(0, repeated.duplicates());
            case Receipt.Heard ignored -> tally.heartbeats.increment();
            case Receipt.Gap gap -> {
                count(gap.events(), gap.duplicates());
                tally.gaps.add(gap.counts() ? 1 : 0);
            }
            case Receipt.Ended ignored -> tally.ended.increment();
            case Receipt.Superseded ignored -> LOG.debug("A superseded subscription is told to end.");
        }
        return counts;
    }

    private void count(int events, int duplicates) {
        tally.events.add(events);
        tally.duplicates.add(duplicates);
    }

    private static boolean owesCompensation(Receipt receipt) {
        return receipt instanceof Receipt.Gap || receipt instanceof Receipt.Ended;
    }

    /// A lost alarm only delays, so nothing it throws may keep an answer back.
    private void raise(Decoded decoded) {
        var mailbox = decoded.callback().attempt().mailbox();
        try {
            alarm.raise(mailbox);
        } catch (RuntimeException e) {
            tally.faults.increment();
            LOG.error("The alarm for {} failed; its compensation waits for the next look.", mailbox, e);
        }
    }
}
