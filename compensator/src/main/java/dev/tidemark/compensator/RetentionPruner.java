package dev.tidemark.compensator;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.JournalPosition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes expired data from the store, in small steps so that callbacks do not wait. Used by the retention
/// thread.
final class RetentionPruner {
    private static final Logger log = LoggerFactory.getLogger(RetentionPruner.class);

    private static final int BATCH_SIZE = 500;
    private static final int RUNS_PER_RETENTION = 10;
    private static final Duration MAX_FIRST_DELAY = Duration.ofMinutes(1);
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(1);
    private static final Duration MAX_INTERVAL = Duration.ofMinutes(10);

    private final WatermarkStore store;
    private final CompensatorConfig.Retention config;
    private final Clock clock;
    private final BooleanSupplier stopping;

    RetentionPruner(WatermarkStore store, CompensatorConfig.Retention config, Clock clock, BooleanSupplier stopping) {
        this.store = store;
        this.config = config;
        this.clock = clock;
        this.stopping = stopping;
    }

    /// Returns the interval of the runs. It is short enough that data is not kept for much longer than
    /// configured.
    Duration interval() {
        var shortest = Stream.of(config.delivered(), config.undelivered(), config.deadLetters())
                .min(Duration::compareTo)
                .orElse(MAX_INTERVAL);
        var fraction = shortest.dividedBy(RUNS_PER_RETENTION);
        var interval = fraction.compareTo(MIN_INTERVAL) < 0 ? MIN_INTERVAL : fraction;
        return interval.compareTo(MAX_INTERVAL) > 0 ? MAX_INTERVAL : interval;
    }

    Duration firstDelay() {
        var every = interval();
        return every.compareTo(MAX_FIRST_DELAY) < 0 ? every : MAX_FIRST_DELAY;
    }

    void run() {
        var now = clock.instant();
        var delivered = prune(now.minus(config.delivered()), store.deliveries().deliveredByAll());
        var undelivered = prune(now.minus(config.undelivered()), store.journal().end());
        var letters = store.deliveries().pruneDeadLetters(now.minus(config.deadLetters()));
        if (delivered + letters > 0) {
            log.info("Retention removed {} journal rows and {} dead letters", delivered, letters);
        }
        if (undelivered > 0) {
            log.warn(
                    "Retention removed {} journal rows that were not delivered to all sinks within store.max-undelivered; repair"
                            + " the sinks that 'tidemark sinks list' shows, or raise store.max-undelivered",
                    undelivered);
        }
    }

    private long prune(Instant before, JournalPosition upTo) {
        var all = 0L;
        for (var removed = BATCH_SIZE; removed == BATCH_SIZE && !stopping.getAsBoolean(); all += removed) {
            removed = store.journal().prune(before, upTo, BATCH_SIZE);
        }
        return all;
    }
}
