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

    /// Range of positions, both ends included.
    public record Range(JournalPosition first, JournalPosition last) {}
}
