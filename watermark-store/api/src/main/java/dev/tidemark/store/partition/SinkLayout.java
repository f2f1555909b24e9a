package dev.tidemark.store.partition;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.JournalQueries;
import dev.tidemark.store.engine.SinkQueries;
import dev.tidemark.store.engine.StoreEngine;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkPartition;
import dev.tidemark.store.model.SinkStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Creates the rows of a sink's partitions, and replaces those of another number of partitions. Called under the
/// store's write lock.
public final class SinkLayout {
    private final SinkQueries sinks;
    private final JournalQueries journal;

    public SinkLayout(StoreEngine engine) {
        this.sinks = engine.sinks();
        this.journal = engine.journal();
    }

    /// Stored partition of a sink.
    private record StoredPartition(
            SinkName row, SinkPartition partition, DeliveryPosition position, SinkStatus status) {}

    /// Returns true if the store has the positions of a sink.
    public boolean knows(SinkName sink) {
        return partitions(sink).findAny().isPresent();
    }

    private Stream<StoredPartition> partitions(SinkName sink) {
        return sinks.names().stream()
                .flatMap(row -> SinkPartition.ofRow(row, sink).stream()
                        .map(partition -> new StoredPartition(
                                row,
                                partition,
                                sinks.position(row).orElseThrow(),
                                sinks.status(row).orElseThrow())));
    }

    /// Returns the changes that give a sink `count` partitions. Each starts at the end of a journal if the store
    /// does not know the sink. Otherwise each starts where the partition that is behind the others ends, with what
    /// the others have done beyond.
    ///
    /// @param end position of the newest event
    public List<Change> changes(SinkName sink, int count, long end) {
        var before = partitions(sink).toList();
        var position = before.isEmpty() ? DeliveryPosition.at(new JournalPosition(end)) : merged(before);
        var status = before.stream()
                .map(StoredPartition::status)
                .max(Comparator.comparing(SinkStatus::untilOperator)
                        .thenComparing(SinkStatus::disabled)
                        .thenComparing(each -> each.failingSince().isPresent()))
                .orElse(SinkStatus.HEALTHY);
        var changes = new ArrayList<Change>();
        before.forEach(stored -> changes.add(new Change.SinkRemoved(stored.row())));
        SinkPartition.all(count)
                .forEach(partition -> changes.add(new Change.SinkSaved(partition.row(sink), position, status)));
        return changes;
    }

    private DeliveryPosition merged(List<StoredPartition> partitions) {
        var positions =
                partitions.stream().map(StoredPartition::position).distinct().toList();
        if (positions.size() == 1) {
            return positions.getFirst();
        }
        var lowest = positions.stream()
                .map(DeliveryPosition::upTo)
                .min(JournalPosition::compareTo)
                .orElseThrow();
        var merge = new PositionMerge(lowest.value());
        var read = lowest.value();
        while (!merge.isFull()) {
            var rows = journal.from(read, PositionMerge.PAGE);
            if (rows.isEmpty()) {
                break;
            }
            for (var row : rows) {
                row.entries()
                        .forEach(entry -> merge.add(
                                entry,
                                place -> isDone(partitions, entry.source().lane(), place)));
            }
            read = rows.getLast().end();
        }
        return merge.position();
    }

    private static boolean isDone(List<StoredPartition> partitions, String lane, long place) {
        var owners = partitions.stream()
                .filter(stored -> stored.partition().contains(lane))
                .map(StoredPartition::position)
                .toList();
        return isDone(owners, new JournalPosition(place));
    }

    /// Returns true if all partitions that own the lane of an event are done with it. An event whose partition
    /// the store lacks is not done, so that it is delivered.
    static boolean isDone(List<DeliveryPosition> owners, JournalPosition place) {
        return !owners.isEmpty() && owners.stream().allMatch(position -> position.isDone(place));
    }
}
