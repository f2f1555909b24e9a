package dev.tidemark.store.change;

import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.DeliveryPosition.Range;
import dev.tidemark.store.model.JournalPosition;
import java.util.ArrayList;

/// The ranges of a sink's position in binary. Thread-safe.
public final class PositionCodec {
    private static final int VERSION = 1;

    private PositionCodec() {}

    public static byte[] write(DeliveryPosition position) {
        var out = new BinaryValueWriter().octet(VERSION);
        var before = position.upTo().value();
        for (var range : position.beyond()) {
            out.number(range.first().value() - before);
            out.number(range.last().value() - range.first().value());
            before = range.last().value();
        }
        return out.toBytes();
    }

    public static DeliveryPosition read(long upTo, byte[] beyond) {
        var in = new BinaryValueReader(beyond);
        in.expectVersion(VERSION, "delivery position");
        var ranges = new ArrayList<Range>();
        var before = upTo;
        while (in.hasMore()) {
            var first = before + in.number();
            before = first + in.number();
            ranges.add(new Range(new JournalPosition(first), new JournalPosition(before)));
        }
        return new DeliveryPosition(new JournalPosition(upTo), ranges);
    }
}
