package dev.tidemark.store.model;

import java.time.Instant;
import java.util.Optional;

/// Events that an operator wants to send to a sink again.
///
/// @param after position before the remaining events
/// @param upTo position of the last event
/// @param type pattern of CloudEvents types, `*` for any characters
/// @param rate limit of events per second
/// @param count progress
public record SinkReplay(
        String id,
        SinkName sink,
        Instant begunAt,
        JournalPosition after,
        JournalPosition upTo,
        Optional<MailboxId> mailbox,
        Optional<String> type,
        int rate,
        ReplayCounts count) {
    /// Counts of a replay's events.
    ///
    /// @param done events up to its position; some beyond may be done as well
    /// @param total events counted at its start
    public record ReplayCounts(long done, long total) {}

    /// Returns the replay with `total` events, none of them done.
    public SinkReplay of(long total) {
        return new SinkReplay(id, sink, begunAt, after, upTo, mailbox, type, rate, new ReplayCounts(0, total));
    }

    /// Returns the replay as if it had begun at another time.
    public SinkReplay withBegunAt(Instant other) {
        return new SinkReplay(id, sink, other, after, upTo, mailbox, type, rate, count);
    }

    /// Returns the replay with this progress.
    public SinkReplay at(JournalPosition place, long done) {
        return new SinkReplay(
                id, sink, begunAt, place, upTo, mailbox, type, rate, new ReplayCounts(done, count.total()));
    }
}
