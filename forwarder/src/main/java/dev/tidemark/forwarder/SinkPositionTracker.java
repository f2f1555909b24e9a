package dev.tidemark.forwarder;

import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.DeliveryPosition.Range;
import dev.tidemark.store.model.JournalPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Position up to which a sink has read, and the events before it that are not done. Not thread-safe; guarded
/// by the sink's lock.
final class SinkPositionTracker {
    private final DeliveryPosition saved;
    private final List<Range> doneBefore;
    private final TreeSet<JournalPosition> pending = new TreeSet<>();
    private JournalPosition read;
    private boolean changed;

    /// Continues at the saved position. Events after it that were done already do not become pending again.
    SinkPositionTracker(DeliveryPosition saved) {
        this.saved = saved;
        this.read = saved.upTo();
        this.doneBefore = saved.beyond();
    }

    JournalPosition read() {
        return read;
    }

    /// Advances to an event; returns true if the event is not done yet.
    boolean advance(JournalPosition position) {
        read = position;
        changed = true;
        return !saved.isDone(position);
    }

    /// Advances past events that no longer exist; returns their number, without those done in an earlier run.
    long skip(JournalPosition to) {
        var from = read.value();
        if (to.value() <= from) {
            return 0;
        }
        var done = doneBefore.stream()
                .mapToLong(range -> Math.min(range.last().value(), to.value())
                        - Math.max(range.first().value() - 1, from))
                .filter(count -> count > 0)
                .sum();
        read = to;
        changed = true;
        return to.value() - from - done;
    }

    void pending(JournalPosition position) {
        pending.add(position);
    }

    void done(JournalPosition position) {
        pending.remove(position);
        changed = true;
    }

    /// Returns true if the position changed since [#onSaved()].
    boolean isChanged() {
        return changed;
    }

    void onSaved() {
        changed = false;
    }

    /// Returns the position to save. Every event that was read and is not pending counts as done.
    DeliveryPosition position() {
        var upTo = pending.isEmpty() ? read : before(pending.getFirst());
        var ranges = new ArrayList<Range>();
        var from = upTo;
        for (var position : pending) {
            add(ranges, from, before(position));
            from = position;
        }
        add(ranges, from, read);
        doneBefore.stream()
                .filter(range -> range.last().compareTo(read) > 0)
                .forEach(range -> add(ranges, later(before(range.first()), read), range.last()));
        if (!ranges.isEmpty() && ranges.getFirst().first().equals(upTo.next())) {
            upTo = ranges.removeFirst().last();
        }
        return new DeliveryPosition(upTo, ranges);
    }

    /// Adds the range after `after`, merged with the previous range if they touch.
    private static void add(List<Range> ranges, JournalPosition after, JournalPosition last) {
        if (after.compareTo(last) >= 0) {
            return;
        }
        if (!ranges.isEmpty() && ranges.getLast().last().equals(after)) {
            ranges.add(new Range(ranges.removeLast().first(), last));
        } else {
            ranges.add(new Range(after.next(), last));
        }
    }

    private static JournalPosition later(JournalPosition one, JournalPosition other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static JournalPosition before(JournalPosition position) {
        return new JournalPosition(position.value() - 1);
    }
}
