package dev.tidemark.watermark;

import java.util.Arrays;

/// A row of the journal as it is stored.
final class JournalRow {
    private final long position;
    private final long events;
    private final long recordedAt;
    private final byte[] body;

    /// @param recordedAt in milliseconds since 1970
    /// @param body not copied; nobody writes to it
    JournalRow(long position, long events, long recordedAt, byte[] body) {
        this.position = position;
        this.events = events;
        this.recordedAt = recordedAt;
        this.body = body;
    }

    long position() {
        return position;
    }

    long events() {
        return events;
    }

    /// The position of its last event.
    long end() {
        return position + events - 1;
    }

    long recordedAt() {
        return recordedAt;
    }

    byte[] body() {
        return body;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JournalRow row
                && position == row.position
                && events == row.events
                && recordedAt == row.recordedAt
                && Arrays.equals(body, row.body);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(position) + Arrays.hashCode(body);
    }

    @Override
    public String toString() {
        return "JournalRow[position=" + position + ", events=" + events + ", body=" + body.length + " bytes]";
    }
}
