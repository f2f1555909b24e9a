package dev.tidemark.store.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Partition of the mailboxes of each sink, which is delivered with a separate position.
///
/// @param index from 0
/// @param count number of partitions; 1 for all mailboxes together
public record SinkPartition(int index, int count) {
    /// All mailboxes.
    public static final SinkPartition WHOLE = new SinkPartition(0, 1);

    private static final String SEPARATOR = "#";

    public SinkPartition {
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("There is no partition " + index + " of " + count + ".");
        }
    }

    /// Returns all partitions, in order.
    public static List<SinkPartition> all(int count) {
        return IntStream.range(0, count)
                .mapToObj(index -> new SinkPartition(index, count))
                .toList();
    }

    /// Returns the partition of `count` that has the events of a lane.
    public static SinkPartition of(String lane, int count) {
        var hash = lane.hashCode();
        return new SinkPartition(Math.floorMod(hash ^ (hash >>> 16), count), count);
    }

    /// Returns true if this partition has the events of a lane, which is a mailbox or the instance. The same lane is
    /// always in the same partition, because `String.hashCode` is specified.
    public boolean contains(String lane) {
        return index == of(lane, count).index();
    }

    /// Returns the name under which the store keeps the position of this partition of a sink. The configuration allows
    /// no such name for a sink.
    public SinkName row(SinkName sink) {
        return count == 1 ? sink : new SinkName(sink.value() + SEPARATOR + index + "/" + count);
    }

    /// Returns the partition whose position a row of `sink` holds; empty for a row of another sink.
    public static Optional<SinkPartition> ofRow(SinkName row, SinkName sink) {
        if (row.equals(sink)) {
            return Optional.of(WHOLE);
        }
        var prefix = sink.value() + SEPARATOR;
        return row.value().startsWith(prefix) ? parsed(row.value().substring(prefix.length())) : Optional.empty();
    }

    private static Optional<SinkPartition> parsed(String text) {
        if (!text.matches("\\d{1,4}/\\d{1,4}")) {
            return Optional.empty();
        }
        var slash = text.indexOf('/');
        var index = Integer.parseInt(text.substring(0, slash));
        var count = Integer.parseInt(text.substring(slash + 1));
        return index < count ? Optional.of(new SinkPartition(index, count)) : Optional.empty();
    }
}
