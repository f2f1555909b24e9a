package dev.tidemark.store.model;

import java.util.List;

/// Delivery position of a sink: everything up to `upTo` is done, and beyond it the `beyond` ranges, ascending and
/// disjoint. Done means delivered, deferred to a separate row, not meant for the sink, or dead-lettered.
public record DeliveryPosition(JournalPosition upTo, List<Range> beyond) {
    public DeliveryPosition {
        beyond = List.copyOf(beyond);
    }

    public static DeliveryPosition at(JournalPosition upTo) {
        return new DeliveryPosition(upTo, List.of());
    }

    /// Returns true if the event at `position` is done.
    public boolean isDone(JournalPosition position) {
        return position.compareTo(upTo) <= 0
                || beyond.stream()
                        .anyMatch(range -> range.first().compareTo(position) <= 0
                                && range.last().compareTo(position) >= 0);
    }

    /// Range of positions, both ends included.
    public record Range(JournalPosition first, JournalPosition last) {}
}
