package dev.tidemark.watermark;

import java.time.Instant;
import java.util.Optional;

/// Events that an operator wants a sink to get once more.
///
/// @param after what is left of it lies after this position
/// @param upTo its last position
/// @param type pattern of CloudEvents types, `*` for any characters
/// @param rate events a second at most
/// @param count how far it is
public record Replay(
        String id,
        SinkName sink,
        Instant begunAt,
        Position after,
        Position upTo,
        Optional<MailboxId> mailbox,
        Optional<String> type,
        int rate,
        Count count) {
    /// Events of a replay.
    ///
    /// @param done those up to where it is; some beyond may be done as well
    /// @param total those counted when it began
    public record Count(long done, long total) {}

    /// Of so many events, none of them done.
    public Replay of(long total) {
        return new Replay(id, sink, begunAt, after, upTo, mailbox, type, rate, new Count(0, total));
    }

    /// Come so far.
    public Replay at(Position place, long done) {
        return new Replay(id, sink, begunAt, place, upTo, mailbox, type, rate, new Count(done, count.total()));
    }
}
