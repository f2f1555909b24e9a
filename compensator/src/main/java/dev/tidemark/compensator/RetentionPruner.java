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

/// Removes what the store has kept long enough, in steps small enough not to hold up call-backs.
final class RetentionPruner {
    private static final Logger log = LoggerFactory.getLogger(RetentionPruner.class);

    private static final int STEP = 500;
    private static final int SHARE = 10;
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration SOONEST = Duration.ofSeconds(1);
    private static final Duration LATEST = Duration.ofMinutes(10);

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

    /// How often to look: often enough that nothing is kept for much longer than it should be.
    Duration every() {
        var shortest = Stream.of(config.delivered(), config.undelivered(), config.deadLetters())
                .min(Duration::compareTo)
                .orElse(LATEST);
        var share = shortest.dividedBy(SHARE);
        var least = share.compareTo(SOONEST) < 0 ? SOONEST : share;
        return least.compareTo(LATEST) > 0 ? LATEST : least;
    }

    Duration first() {
        var every = every();
        return every.compareTo(FIRST) < 0 ? every : FIRST;
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
                    "Retention removed {} journal rows that some sink had not taken within store.max-undelivered; repair"
                            + " the sinks that 'tidemark sinks list' shows, or raise store.max-undelivered",
                    undelivered);
        }
    }

    private long prune(Instant before, JournalPosition upTo) {
        var all = 0L;
        for (var removed = STEP; removed == STEP && !stopping.getAsBoolean(); all += removed) {
            removed = store.journal().prune(before, upTo, STEP);
        }
        return all;
    }
}
