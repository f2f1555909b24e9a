package dev.tidemark.subscriber.streaming;

import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.resync.MailboxJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One stream after the other for up to 200 mailboxes of one group. A thread of its own subscribes them,
/// opens the stream, has every mailbox looked at from its sync state, because a stream tells nothing of what
/// was before it, and reads until the stream ends. Safe for use by many threads.
final class StreamWorker {
    private static final Logger log = LoggerFactory.getLogger(StreamWorker.class);

    private static final Duration REST = Duration.ofSeconds(30);

    private final StreamGroup group;
    private final StreamCoordinator.Dependencies surroundings;
    private final StreamMembers riders;
    private final StreamLoop rounds;
    private Optional<OpenStream> ride = Optional.empty();
    private boolean running;
    private boolean stopped;

    StreamWorker(
            StreamGroup group,
            AdaptiveStreamDuration lengths,
            StreamAnchorRegistry anchors,
            StreamCoordinator.Dependencies surroundings,
            StreamStats tally) {
        this.group = group;
        this.surroundings = surroundings;
        this.riders = new StreamMembers(surroundings.clock());
        this.rounds = new StreamLoop(this, riders, lengths, anchors, surroundings, tally);
    }

    StreamGroup group() {
        return group;
    }

    /// Whether this mailbox cannot be served together with the others.
    boolean isMisfit(MailboxId mailbox) {
        return rounds.isMisfit(mailbox);
    }

    int room() {
        return GetStreamingEvents.MAX_SUBSCRIPTIONS - riders.size();
    }

    synchronized boolean isOpen() {
        return ride.isPresent();
    }

    synchronized boolean isOver() {
        return !running;
    }

    /// Takes mailboxes on; a stream that is open is replaced by one that serves them, too.
    synchronized void join(List<MailboxJob> jobs) {
        jobs.forEach(riders::add);
        ride.ifPresent(open -> open.close(OpenStream.CloseReason.TO_BE_REOPENED));
        if (!running && !stopped) {
            running = true;
            surroundings.executor().execute(this::run);
        }
        notifyAll();
    }

    /// What kept a mailbox from being subscribed may be over.
    void hurry(MailboxId mailbox) {
        riders.hurry(mailbox);
        synchronized (this) {
            notifyAll();
        }
    }

    /// Lets a mailbox go; the stream goes on for the others.
    void leave(MailboxId mailbox) {
        riders.remove(mailbox)
                .ifPresent(rider -> surroundings.executor().execute(() -> StreamSubscriber.unsubscribe(rider)));
        synchronized (this) {
            if (riders.size() == 0) {
                ride.ifPresent(open -> open.close(OpenStream.CloseReason.TO_BE_REOPENED));
            }
            notifyAll();
        }
    }

    /// Notices what time brings: a stream that should have ended, a subscription that can be tried again.
    synchronized void look() {
        var now = surroundings.clock().instant();
        ride.filter(open -> open.isLate(now)).ifPresent(open -> open.close(OpenStream.CloseReason.SILENT));
        if (riders.hasPending(now)) {
            ride.ifPresent(open -> open.close(OpenStream.CloseReason.TO_BE_REOPENED));
        }
        notifyAll();
    }

    synchronized void stop() {
        stopped = true;
        ride.ifPresent(open -> open.close(OpenStream.CloseReason.TO_BE_REOPENED));
        notifyAll();
    }

    private void run() {
        try {
            while (goesOn()) {
                roundOrRest();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ends();
        }
    }

    private synchronized boolean goesOn() {
        running = isWanted();
        return running;
    }

    /// Whether there is somebody to read streams for.
    synchronized boolean isWanted() {
        return !stopped && riders.size() > 0;
    }

    private synchronized void ends() {
        running = false;
    }

    private void roundOrRest() throws InterruptedException {
        try {
            rounds.next();
        } catch (RuntimeException e) {
            // its mailboxes would hear nothing any more
            log.error("A stream failed, opening another in {}", REST, e);
            rest(surroundings.clock().instant().plus(REST));
        }
    }

    /// From when on this is the stream that is open.
    synchronized void begin(OpenStream mine) {
        ride = Optional.of(mine);
        if (stopped) {
            mine.close(OpenStream.CloseReason.TO_BE_REOPENED);
        }
    }

    synchronized void finish() {
        ride = Optional.empty();
    }

    synchronized boolean isCurrent(OpenStream mine) {
        return !stopped && ride.filter(open -> open == mine).isPresent();
    }

    /// Waits for the clock, or for an end.
    synchronized void rest(Instant until) throws InterruptedException {
        while (isWanted() && surroundings.clock().instant().isBefore(until)) {
            wait(1_000);
        }
    }

    /// Waits until there is somebody to be subscribed, or for an end.
    synchronized void restUntilPending() throws InterruptedException {
        while (isWanted() && !riders.hasPending(surroundings.clock().instant())) {
            wait(1_000);
        }
    }
}
