package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.event.RandomIdGenerator;
import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.forwarder.operator.ReplayResult;
import dev.tidemark.forwarder.routing.SinkEventFilter;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkReplay;
import java.time.Clock;
import java.util.Optional;

/// Handles requests to replay events to one sink. Thread-safe.
record ReplayRequestHandler(SinkConfig config, SinkEventFilter filter, WatermarkStore store, Clock clock) {
    private static final int PAGE = 500;

    /// Counts the requested events and starts the replay unless it is a dry run. Reads that part of the
    /// journal.
    ///
    /// @param read position up to which the sink has read; later events reach it anyway
    ReplayResult handle(ReplayRequest request, JournalPosition read) {
        var upTo = request.upTo().compareTo(read) < 0 ? request.upTo() : read;
        var replay = new SinkReplay(
                RandomIdGenerator.next("rpl_"),
                config.name(),
                clock.instant(),
                request.after(),
                upTo,
                request.mailbox(),
                request.type(),
                request.rate(),
                new SinkReplay.ReplayCounts(0, 0));
        var count = count(replay);
        if (request.dryRun() || count == 0) {
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
            count += events.stream().filter(event -> matches(replay, event)).count();
            after = events.getLast().position();
        }
        return count;
    }

    private boolean matches(SinkReplay replay, JournalEvent event) {
        return event.position().compareTo(replay.upTo()) <= 0
                && filter.matches(event)
                && ReplayRequest.matches(replay, event);
    }
}
