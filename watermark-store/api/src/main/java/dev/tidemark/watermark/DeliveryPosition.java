package dev.tidemark.watermark;

import java.util.List;

/// How far a sink is: everything up to `upTo` is done, and beyond it the `beyond` ranges, ascending and
/// apart. Done means delivered, deferred to a row of its own, not meant for the sink, or dead.
public record DeliveryPosition(Position upTo, List<Range> beyond) {
    public DeliveryPosition {
        beyond = List.copyOf(beyond);
    }

    public static DeliveryPosition at(Position upTo) {
        return new DeliveryPosition(upTo, List.of());
    }

    /// Both ends belong to it.
    public record Range(Position first, Position last) {}
}
