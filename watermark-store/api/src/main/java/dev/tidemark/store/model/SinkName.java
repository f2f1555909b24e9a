package dev.tidemark.store.model;

/// The configured name of a place that events go to.
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
