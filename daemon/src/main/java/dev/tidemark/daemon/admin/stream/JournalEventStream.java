package dev.tidemark.daemon.admin.stream;

import dev.tidemark.daemon.admin.stream.StreamedBody.StreamOutput;
import dev.tidemark.store.Journal;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/// Sends the events of the journal behind a position, oldest first, until the client leaves, loses its access, or the
/// daemon stops. Holds at most one chunk of events, so a slow client costs no memory: it falls behind, and gets
/// `expired` if retention
/// overtakes it. Not thread-safe; used by the thread of the request.
public final class JournalEventStream implements StreamedBody {
    private static final Duration COMMENT_INTERVAL = Duration.ofSeconds(15);
    private static final int CHUNK = 50;
    private static final int FLUSH_CHARS = 16 * 1024;

    /// Longest single wait. A stopping daemon waits at most this long for its streams.
    private static final Duration MAX_SINGLE_WAIT = Duration.ofMillis(500);

    private final Sources sources;
    private final Predicate<JournalEvent> filter;
    private final StringBuilder pending = new StringBuilder();
    private JournalPosition next;
    private Instant lastWrite = Instant.MIN;

    /// Parts that all streams share.
    ///
    /// @param render renders an event as CloudEvents JSON
    /// @param idOf returns the opaque text of a position
    /// @param isStopping returns true as soon as the daemon stops
    public record Sources(
            Journal journal,
            Function<JournalEvent, String> render,
            Function<JournalPosition, String> idOf,
            BooleanSupplier isStopping,
            Clock clock) {
        /// Returns the parts of a stream that ends when `admission` returns false, too.
        public Sources during(BooleanSupplier admission) {
            return new Sources(
                    journal, render, idOf, () -> isStopping.getAsBoolean() || !admission.getAsBoolean(), clock);
        }
    }

    /// @param filter selects the events that the client gets
    /// @param after position behind which the stream begins
    public JournalEventStream(Sources sources, Predicate<JournalEvent> filter, JournalPosition after) {
        this.sources = sources;
        this.filter = filter;
        this.next = after;
    }

    @Override
    public void writeTo(StreamOutput output) throws IOException, InterruptedException {
        write(output, SentEventFormat.COMMENT);
        while (!sources.isStopping().getAsBoolean()) {
            if (!sendChunk(output)) {
                sources.journal().awaitBeyond(next, MAX_SINGLE_WAIT);
            }
            if (isCommentDue()) {
                write(output, SentEventFormat.COMMENT);
            }
        }
    }

    /// Sends the next events. Returns false at the end of the journal.
    private boolean sendChunk(StreamOutput output) throws IOException {
        var chunk = sources.journal().read(next, CHUNK);
        // after the read: retention may have removed events in between
        var oldest = sources.journal().oldest();
        if (next.compareTo(oldest) < 0) {
            var id = sources.idOf().apply(oldest);
            write(output, SentEventFormat.message("expired", id, "{\"oldest\":\"" + id + "\"}"));
            next = oldest;
            return true;
        }
        for (var event : chunk) {
            next = event.position();
            if (filter.test(event)) {
                var id = sources.idOf().apply(next);
                pending.append(SentEventFormat.message(id, sources.render().apply(event)));
            }
            if (pending.length() >= FLUSH_CHARS) {
                flush(output);
            }
        }
        flush(output);
        return !chunk.isEmpty();
    }

    private void flush(StreamOutput output) throws IOException {
        if (!pending.isEmpty()) {
            var text = pending.toString();
            pending.setLength(0);
            write(output, text);
        }
    }

    private boolean isCommentDue() {
        var now = sources.clock().instant();
        return now.isBefore(lastWrite) || Duration.between(lastWrite, now).compareTo(COMMENT_INTERVAL) >= 0;
    }

    private void write(StreamOutput output, String text) throws IOException {
        output.write(text);
        lastWrite = sources.clock().instant();
    }

    @Override
    public void close() {
        pending.setLength(0);
    }
}
