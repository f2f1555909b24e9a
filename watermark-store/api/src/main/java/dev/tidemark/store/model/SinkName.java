package dev.tidemark.store.model;

/// Configured name of a destination for events.
public record SinkName(String value) implements Comparable<SinkName> {
    @Override
    public int compareTo(SinkName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
