package dev.tidemark.store.model;

/// Position in the journal: that of an event, or [#START], before all of them.
public record JournalPosition(long value) implements Comparable<JournalPosition> {
    public static final JournalPosition START = new JournalPosition(0);

    public JournalPosition {
        if (value < 0) {
            throw new IllegalArgumentException("Position " + value + " does not exist; they start at 0.");
        }
    }

    public JournalPosition next() {
        return new JournalPosition(value + 1);
    }

    @Override
    public int compareTo(JournalPosition other) {
        return Long.compare(value, other.value);
    }
}
