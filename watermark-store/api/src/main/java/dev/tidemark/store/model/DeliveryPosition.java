package dev.tidemark.store.model;

import java.util.List;

/// How far a sink is: everything up to `upTo` is done, and beyond it the `beyond` ranges, ascending and
/// apart. Done means delivered, deferred to a row of its own, not meant for the sink, or dead.
public record DeliveryPosition(JournalPosition upTo, List<Range> beyond) {
    public DeliveryPosition {
        beyond = List.copyOf(beyond);
    }

    public static DeliveryPosition at(JournalPosition upTo) {
        return new DeliveryPosition(upTo, List.of());
    }

    /// Both ends belong to it.
    public record Range(JournalPosition first, JournalPosition last) {}
}
