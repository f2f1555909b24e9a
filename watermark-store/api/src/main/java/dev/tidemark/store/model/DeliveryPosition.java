package dev.tidemark.store.model;

import java.util.Collections;
import java.util.Comparator;
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

    /// Returns true if the event at `position` is done. Takes logarithmic time, because each event is looked up
    /// and a position of merged partitions has thousands of ranges.
    public boolean isDone(JournalPosition position) {
        return position.compareTo(upTo) <= 0 || isInRange(position);
    }

    private boolean isInRange(JournalPosition position) {
        var key = new Range(position, position);
        var found = Collections.binarySearch(beyond, key, Comparator.comparing(Range::first));
        // a negative result is -(index of the next range) - 1
        var candidate = found >= 0 ? found : -found - 2;
        return candidate >= 0 && beyond.get(candidate).last().compareTo(position) >= 0;
    }

    /// Range of positions, both ends included.
    public record Range(JournalPosition first, JournalPosition last) {}
}
