package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/// Event history of one mailbox. The counter belongs to the whole database, so it has gaps. Guarded by the
/// mailbox.
public final class MailboxEventLog {
    private final RetentionLimits retention;
    private final AtomicLong counter;
    private final List<LoggedEvent> events = new ArrayList<>();
    private UUID database;
    private long oldest;
    private RolledBack rolledBack = RolledBack.REFUSE;

    public MailboxEventLog(UUID database, AtomicLong counter, RetentionLimits retention) {
        this.retention = retention;
        this.database = database;
        this.counter = counter;
    }

    long next() {
        return counter.incrementAndGet();
    }

    void append(Instant time, LoggedEvent.Change change) {
        forgetBefore(time.minus(retention.history()));
        forgetFirst(retention.surplus(events));
        events.add(new LoggedEvent(next(), time, change));
    }

    /// Forgets the events before an instant, a batch at a time.
    private void forgetBefore(Instant instant) {
        if (events.isEmpty() || !events.get(0).time().isBefore(instant)) {
            return;
        }
        forgetFirst(Math.toIntExact(events.stream()
                .takeWhile(event -> event.time().isBefore(instant))
                .count()));
    }

    private void forgetFirst(int gone) {
        if (gone > 0) {
            oldest = Math.max(oldest, events.get(gone - 1).counter());
            events.subList(0, gone).clear();
        }
    }

    /// Returns the end of the history. All later events have a higher counter.
    long end() {
        return counter.get();
    }

    Watermark watermark(long counter) {
        return new SimulatedWatermark(database, counter).watermark();
    }

    /// Returns the position to continue from after a watermark; empty if it is from another database or too
    /// old.
    OptionalLong resume(Watermark watermark, Instant now) {
        forgetBefore(now.minus(retention.history()));
        return SimulatedWatermark.read(watermark, database)
                .filter(bookmark -> bookmark.counter() >= oldest)
                .map(bookmark -> place(bookmark.counter()))
                .orElse(OptionalLong.empty());
    }

    /// Returns the place to continue from after a counter, which lies ahead of the history if the database was
    /// rolled back.
    OptionalLong place(long reached) {
        if (reached <= end()) {
            return OptionalLong.of(reached);
        }
        return switch (rolledBack) {
            case REFUSE -> OptionalLong.empty();
            case SILENT -> OptionalLong.of(reached);
            case RENUMBER -> OptionalLong.of(end());
        };
    }

    /// Removes the events after `moment`; returns the last counter that is left.
    long rollBack(Instant moment, RolledBack manner) {
        rolledBack = manner;
        events.removeIf(event -> event.time().isAfter(moment));
        var last = events.isEmpty() ? oldest : events.get(events.size() - 1).counter();
        counter.set(last);
        return last;
    }

    /// Returns true if events after a position were forgotten.
    boolean isForgotten(long place) {
        return place < oldest;
    }

    /// Returns the first `limit` matching events after a position.
    List<LoggedEvent> after(long place, Predicate<LoggedEvent> wanted, int limit) {
        return events.subList(indexAfter(place), events.size()).stream()
                .filter(wanted)
                .limit(limit)
                .toList();
    }

    /// Forgets all events, as Exchange does after 30 days.
    void forget() {
        events.clear();
        oldest = next();
    }

    /// Continues in another database, where no earlier watermark is valid.
    void moveTo(UUID other) {
        forget();
        database = other;
    }

    private int indexAfter(long place) {
        var low = 0;
        var high = events.size();
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (events.get(middle).counter() > place) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
