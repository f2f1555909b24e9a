package dev.tidemark.compensator;

import dev.tidemark.subscriber.Outcome;
import dev.tidemark.watermark.SubscribeReason;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/// Counts what the compensator does. Safe for use by many threads.
final class Tally {
    private final LongAdder started = new LongAdder();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder resyncs = new LongAdder();
    private final Map<SubscribeReason, LongAdder> failed = new ConcurrentHashMap<>();
    private volatile int due;
    private volatile int inFlight;

    void started() {
        started.increment();
    }

    void ended(Outcome outcome, Remedy remedy) {
        switch (outcome) {
            case Outcome.Subscribed ignored -> succeeded.increment();
            case Outcome.Resynced ignored -> {
                succeeded.increment();
                resyncs.increment();
            }
            case Outcome.RetryAt ignored -> failed(remedy);
            case Outcome.Failed ignored -> failed(remedy);
            case Outcome.Skipped ignored -> {}
        }
    }

    void failed(Remedy remedy) {
        switch (remedy) {
            case Remedy.Resubscribe mended -> failed(mended.reason());
            case Remedy.SubscribeAfreshAndResync mended -> failed(mended.reason());
            case Remedy.ResumeResync mended -> failed(mended.reason());
            case Remedy.NothingUntil ignored -> {}
            case Remedy.GiveUp ignored -> {}
        }
    }

    long helped() {
        return succeeded.sum();
    }

    void levels(int due, int inFlight) {
        this.due = due;
        this.inFlight = inFlight;
    }

    CompensatorCounters snapshot() {
        return new CompensatorCounters(
                started.sum(),
                succeeded.sum(),
                failed.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().sum())),
                resyncs.sum(),
                due,
                inFlight);
    }

    private void failed(SubscribeReason reason) {
        failed.computeIfAbsent(reason, ignored -> new LongAdder()).increment();
    }
}
