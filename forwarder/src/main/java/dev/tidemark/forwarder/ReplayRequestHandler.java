package dev.tidemark.forwarder;

import dev.tidemark.forwarder.backlog.SinkEventFilter;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.event.RandomIdGenerator;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkReplay;
import java.time.Clock;
import java.util.Optional;

/// Takes orders to replay for one sink. Safe for use by many threads.
record ReplayRequestHandler(SinkConfig config, SinkEventFilter routing, WatermarkStore store, Clock clock) {
    private static final int PAGE = 500;

    /// Counts what an order is about, and begins it unless it is a dry run. Reads that part of the journal.
    ///
    /// @param read how far the sink has read: what lies beyond comes to it anyway
    ReplayResult handle(ReplayRequest order, JournalPosition read) {
        var upTo = order.upTo().compareTo(read) < 0 ? order.upTo() : read;
        var replay = new SinkReplay(
                RandomIdGenerator.next("rpl_"),
                config.name(),
                clock.instant(),
                order.after(),
                upTo,
                order.mailbox(),
                order.type(),
                order.rate(),
                new SinkReplay.ReplayCounts(0, 0));
        var count = count(replay);
        if (order.dryRun() || count == 0) {
            return new ReplayResult(count, Optional.empty());
        }
        store.replays().begin(replay.of(count));
        return new ReplayResult(count, Optional.of(replay.id()));
    }

    private long count(SinkReplay replay) {
        var count = 0L;
        var after = replay.after();
        while (after.compareTo(replay.upTo()) < 0) {
            var events = store.journal().read(after, PAGE);
            if (events.isEmpty()) {
                return count;
            }
            count += events.stream().filter(event -> isWanted(replay, event)).count();
            after = events.getLast().position();
        }
        return count;
    }

    private boolean isWanted(SinkReplay replay, JournalEvent event) {
        return event.position().compareTo(replay.upTo()) <= 0
                && routing.matches(event)
                && ReplayRequest.matches(replay, event);
    }
}
