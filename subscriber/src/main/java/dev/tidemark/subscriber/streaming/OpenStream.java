package dev.tidemark.subscriber.streaming;

import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.StreamStep;
import java.time.Duration;
import java.time.Instant;

/// An open stream, and why it was closed. Safe for use by many threads; one reads.
final class OpenStream {
    /// What a stream may be late with its end.
    private static final Duration SLACK = Duration.ofMinutes(1);

    private final EventStream stream;
    private final Duration length;
    private final Instant openedAt;
    private CloseReason closed = CloseReason.NOT;

    /// Why a stream was closed by us.
    enum CloseReason {
        NOT,
        SILENT,
        TO_BE_REOPENED,
        NOT_STORED
    }

    OpenStream(EventStream stream, Duration length, Instant openedAt) {
        this.stream = stream;
        this.length = length;
        this.openedAt = openedAt;
    }

    Duration length() {
        return length;
    }

    StreamStep next() {
        return stream.next();
    }

    Duration age(Instant now) {
        return Duration.between(openedAt, now);
    }

    boolean isLate(Instant now) {
        return now.isAfter(openedAt.plus(length).plus(SLACK));
    }

    synchronized CloseReason closeReason() {
        return closed;
    }

    /// The first reason counts.
    synchronized void close(CloseReason why) {
        if (closed == CloseReason.NOT) {
            closed = why;
            stream.close();
        }
    }

    /// After its end, whatever it was.
    void release() {
        stream.close();
    }
}
