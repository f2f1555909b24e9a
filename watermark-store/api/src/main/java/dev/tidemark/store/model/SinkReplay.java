package dev.tidemark.store.model;

import java.time.Instant;
import java.util.Optional;

/// Events that an operator wants a sink to get once more.
///
/// @param after what is left of it lies after this position
/// @param upTo its last position
/// @param type pattern of CloudEvents types, `*` for any characters
/// @param rate events a second at most
/// @param count how far it is
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
    /// Events of a replay.
    ///
    /// @param done those up to where it is; some beyond may be done as well
    /// @param total those counted when it began
    public record ReplayCounts(long done, long total) {}

    /// Of so many events, none of them done.
    public SinkReplay of(long total) {
        return new SinkReplay(id, sink, begunAt, after, upTo, mailbox, type, rate, new ReplayCounts(0, total));
    }

    /// Come so far.
    public SinkReplay at(JournalPosition place, long done) {
        return new SinkReplay(
                id, sink, begunAt, place, upTo, mailbox, type, rate, new ReplayCounts(done, count.total()));
    }
}
