package dev.tidemark.store.change;

import java.util.Arrays;

/// Row of the journal as stored. Immutable.
public final class JournalRow {
    private final long position;
    private final long events;
    private final long recordedAt;
    private final byte[] body;

    /// @param recordedAt in milliseconds since 1970
    /// @param body not copied; must not be changed afterward
    public JournalRow(long position, long events, long recordedAt, byte[] body) {
        this.position = position;
        this.events = events;
        this.recordedAt = recordedAt;
        this.body = body;
    }

    public long position() {
        return position;
    }

    public long events() {
        return events;
    }

    /// Returns the position of the last event.
    public long end() {
        return position + events - 1;
    }

    public long recordedAt() {
        return recordedAt;
    }

    public byte[] body() {
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
