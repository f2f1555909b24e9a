package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.http.TokenBucket;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkReplay;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/// Progress of one running replay, with a small window of its events. [ReplayBacklog] owns it. Not thread-safe;
/// guarded by the sink's lock.
final class ReplayRun {
    private static final int WINDOW_SIZE = 64;

    private final SinkReplay replay;
    private final DeliveryWindow window;
    private final TokenBucket rate;
    private final TreeSet<JournalPosition> pending = new TreeSet<>();

    /// Finished positions after an unfinished one.
    private final TreeSet<JournalPosition> doneAhead = new TreeSet<>();

    private JournalPosition read;
    private long done;
    private int inFlight;
    private boolean changed;
    private boolean canceled;

    ReplayRun(SinkReplay replay, DeliveryOrdering ordering) {
        this.replay = replay;
        this.window = new DeliveryWindow(ordering);
        this.rate = new TokenBucket(replay.rate(), SinkHealthTracker.TIMER_SLACK);
        this.read = replay.after();
        this.done = replay.count().done();
    }

    interface Reader {
        List<JournalEvent> read(JournalPosition after, int max);
    }

    SinkReplay replay() {
        return replay;
    }

    /// Stops sending; the replay ends when its requests in flight have returned.
    void cancel() {
        canceled = true;
    }

    /// Returns the result as a clause for the log.
    String outcome() {
        var count = checkpoint().count();
        return (canceled ? "was canceled, " : "finished, ") + count.done() + " of " + count.total() + " events done";
    }

    /// Reads until the window is full or the journal has no more events.
    void fill(Reader journal, BiPredicate<SinkReplay, JournalEvent> wanted, int page) {
        while (!canceled && window.size() < WINDOW_SIZE && read.compareTo(replay.upTo()) < 0) {
            var events = journal.read(read, page);
            if (events.isEmpty()) {
                read = replay.upTo();
            }
            for (var event : events) {
                read = event.position().compareTo(replay.upTo()) < 0 ? event.position() : replay.upTo();
                if (event.position().compareTo(replay.upTo()) <= 0 && wanted.test(replay, event)) {
                    pending.add(event.position());
                    window.add(PendingDelivery.of(event, DeliveryLanes.of(event)));
                }
            }
            changed = true;
        }
    }

    boolean isDone() {
        return canceled ? inFlight == 0 : pending.isEmpty() && read.compareTo(replay.upTo()) >= 0;
    }

    List<PendingDelivery> poll(int max, Instant now) {
        if (canceled || !rate.allows(now)) {
            return List.of();
        }
        var taken = window.poll(max);
        inFlight += taken.size();
        rate.take(taken.size(), now);
        return taken;
    }

    void done(PendingDelivery delivery) {
        inFlight--;
        window.remove(delivery);
        pending.remove(delivery.position());
        doneAhead.add(delivery.position());
        changed = true;
    }

    void requeue(PendingDelivery delivery) {
        inFlight--;
        window.requeue(delivery);
    }

    Instant nextDue(Instant now) {
        return window.hasReady() && !canceled ? rate.nextAllowedAt() : Instant.MAX;
    }

    boolean isChanged() {
        return changed;
    }

    /// Returns the progress to save.
    SinkReplay checkpoint() {
        changed = false;
        var place = pending.isEmpty()
                ? read
                : new JournalPosition(pending.getFirst().value() - 1);
        var finished = doneAhead.headSet(place, true);
        done += finished.size();
        finished.clear();
        return replay.at(place, done);
    }
}
