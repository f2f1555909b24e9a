package dev.tidemark.forwarder.backlog;

import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.DeliveryPosition.Range;
import dev.tidemark.store.model.JournalPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// How far a sink has read, and which of the events read are not done yet. Used by one thread.
final class SinkPositionTracker {
    private final List<Range> doneBefore;
    private final TreeSet<JournalPosition> pending = new TreeSet<>();
    private JournalPosition read;
    private boolean changed;

    /// Goes on where an earlier run saved its position; what completed beyond it then is not pending again.
    SinkPositionTracker(DeliveryPosition saved) {
        this.read = saved.upTo();
        this.doneBefore = saved.beyond();
    }

    JournalPosition read() {
        return read;
    }

    /// Moves on to an event; returns whether it still has to be dealt with.
    boolean advance(JournalPosition position) {
        read = position;
        changed = true;
        return doneBefore.stream()
                .noneMatch(range ->
                        range.first().compareTo(position) <= 0 && range.last().compareTo(position) >= 0);
    }

    /// Moves on past what nobody can deal with any more; returns how many events that are. What was done in an
    /// earlier run is not among them.
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

    /// Whether there is something to save since [#saved()].
    boolean isChanged() {
        return changed;
    }

    void onSaved() {
        changed = false;
    }

    /// What to save. Done is whatever was read and is not pending.
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

    /// Adds what lies after `after`, joined to the range before it where they touch.
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
