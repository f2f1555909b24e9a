package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EventStream.StreamStep;
import java.time.Duration;
import java.time.Instant;

/// Open stream, and the reason for which Tidemark closed it. Thread-safe; one thread reads.
final class OpenStream {
    /// Tolerance for the end of a stream.
    private static final Duration END_TOLERANCE = Duration.ofMinutes(1);

    private final EventStream stream;
    private final Duration length;
    private final Instant openedAt;
    private CloseReason closeReason = CloseReason.NOT;

    /// Reason for which Tidemark closed a stream.
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
        return now.isAfter(openedAt.plus(length).plus(END_TOLERANCE));
    }

    synchronized CloseReason closeReason() {
        return closeReason;
    }

    /// Closes the stream. The first reason counts.
    synchronized void close(CloseReason reason) {
        if (closeReason == CloseReason.NOT) {
            closeReason = reason;
            stream.close();
        }
    }

    /// Releases the connection after the end of the stream.
    void release() {
        stream.close();
    }
}
