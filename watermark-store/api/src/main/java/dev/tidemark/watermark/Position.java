package dev.tidemark.watermark;

/// A place in the journal: that of an event, or [#START], before all of them.
public record Position(long value) implements Comparable<Position> {
    public static final Position START = new Position(0);

    public Position {
        if (value < 0) {
            throw new IllegalArgumentException("Position " + value + " does not exist; they start at 0.");
        }
    }

    public Position next() {
        return new Position(value + 1);
    }

    @Override
    public int compareTo(Position other) {
        return Long.compare(value, other.value);
    }
}
