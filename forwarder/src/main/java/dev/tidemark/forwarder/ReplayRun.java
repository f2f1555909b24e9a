package dev.tidemark.forwarder;

import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.Position;
import dev.tidemark.watermark.Replay;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/// One replay as it goes on: a small window of its events, and how far it is. Used by one thread.
final class ReplayRun {
    private static final int ROOM = 64;

    private final Replay replay;
    private final Window window;
    private final RateLimit rate;
    private final TreeSet<Position> pending = new TreeSet<>();
    private Position read;
    private boolean changed;

    ReplayRun(Replay replay, Ordering ordering) {
        this.replay = replay;
        this.window = new Window(ordering);
        this.rate = new RateLimit(replay.rate());
        this.read = replay.after();
    }

    interface Reader {
        List<JournalEvent> read(Position after, int most);
    }

    Replay replay() {
        return replay;
    }

    /// Reads until there is something to send, or nothing more to read.
    void fill(Reader journal, BiPredicate<Replay, JournalEvent> wanted, int page) {
        while (window.size() < ROOM && read.compareTo(replay.upTo()) < 0) {
            var events = journal.read(read, page);
            if (events.isEmpty()) {
                read = replay.upTo();
            }
            for (var event : events) {
                read = event.position().compareTo(replay.upTo()) < 0 ? event.position() : replay.upTo();
                if (event.position().compareTo(replay.upTo()) <= 0 && wanted.test(replay, event)) {
                    pending.add(event.position());
                    window.add(Delivery.fresh(event, Lanes.of(event)));
                }
            }
            changed = true;
        }
    }

    boolean isDone() {
        return pending.isEmpty() && read.compareTo(replay.upTo()) >= 0;
    }

    List<Delivery> take(int most, Instant now) {
        if (!rate.allows(now)) {
            return List.of();
        }
        var taken = window.take(most);
        rate.took(taken.size(), now);
        return taken;
    }

    void done(Delivery delivery) {
        window.remove(delivery);
        pending.remove(delivery.position());
        changed = true;
    }

    void putBack(Delivery delivery) {
        window.putBack(delivery);
    }

    Instant nextDue(Instant now) {
        return window.hasReady() ? rate.next() : Instant.MAX;
    }

    boolean isChanged() {
        return changed;
    }

    /// How far it is for good; what to save.
    Position saved() {
        changed = false;
        return pending.isEmpty() ? read : new Position(pending.getFirst().value() - 1);
    }
}
