package dev.tidemark.subscriber;

import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.store.model.MailboxId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one stream after the other for up to 200 mailboxes of one group, on a separate thread. That thread
/// subscribes the mailboxes, opens the stream and reads it to its end. A second thread polls every mailbox from
/// its sync state, because a stream reports no earlier changes. Thread-safe.
final class StreamWorker {
    private static final Logger log = LoggerFactory.getLogger(StreamWorker.class);

    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final StreamGroup group;
    private final StreamCoordinator.Dependencies dependencies;
    private final StreamMembers members;
    private final StreamLoop loop;
    private Optional<OpenStream> stream = Optional.empty();
    private boolean running;
    private boolean stopped;

    StreamWorker(
            StreamGroup group,
            AdaptiveStreamDuration durations,
            StreamAnchorRegistry anchors,
            StreamCoordinator.Dependencies dependencies,
            StreamStats stats) {
        this.group = group;
        this.dependencies = dependencies;
        this.members = new StreamMembers(dependencies.clock());
        this.loop = new StreamLoop(this, members, durations, anchors, dependencies, stats);
    }

    StreamGroup group() {
        return group;
    }

    /// Returns whether this mailbox cannot share a server with the others.
    boolean needsOtherServer(MailboxId mailbox) {
        return loop.needsOtherServer(mailbox);
    }

    int freeSlots() {
        return GetStreamingEvents.MAX_SUBSCRIPTIONS - members.size();
    }

    synchronized boolean isOpen() {
        return stream.isPresent();
    }

    synchronized boolean isEnded() {
        return !running;
    }

    /// Adds mailboxes, and replaces an open stream by one that serves them too.
    synchronized void add(List<MailboxJob> jobs) {
        jobs.forEach(members::add);
        stream.ifPresent(open -> open.close(OpenStream.CloseReason.TO_BE_REOPENED));
        if (!running && !stopped) {
            running = true;
            dependencies.executor().execute(this::run);
        }
        notifyAll();
    }

    /// Retries to subscribe the mailbox now, because its error may be gone.
    void retryNow(MailboxId mailbox) {
        members.retryNow(mailbox);
        synchronized (this) {
            notifyAll();
        }
    }

    /// Removes a mailbox. The stream continues for the others.
    void remove(MailboxId mailbox) {
        members.remove(mailbox)
                .ifPresent(member -> dependencies.executor().execute(() -> StreamSubscriber.unsubscribe(member)));
        synchronized (this) {
            if (members.size() == 0) {
                stream.ifPresent(open -> open.close(OpenStream.CloseReason.TO_BE_REOPENED));
            }
            notifyAll();
        }
    }

    /// Checks for a stream that should have ended, and for subscriptions to retry.
    synchronized void check() {
        var now = dependencies.clock().instant();
        stream.filter(open -> open.isLate(now)).ifPresent(open -> open.close(OpenStream.CloseReason.SILENT));
        if (members.hasPending(now)) {
            stream.ifPresent(open -> open.close(OpenStream.CloseReason.TO_BE_REOPENED));
        }
        notifyAll();
    }

    synchronized void stop() {
        stopped = true;
        stream.ifPresent(open -> open.close(OpenStream.CloseReason.TO_BE_REOPENED));
        notifyAll();
    }

    private void run() {
        try {
            while (updateRunning()) {
                runOnceOrPause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            markEnded();
        }
    }

    private synchronized boolean updateRunning() {
        running = isWanted();
        return running;
    }

    /// Returns whether there are mailboxes to read streams for.
    synchronized boolean isWanted() {
        return !stopped && members.size() > 0;
    }

    private synchronized void markEnded() {
        running = false;
    }

    private void runOnceOrPause() throws InterruptedException {
        try {
            loop.runOnce();
        } catch (RuntimeException e) {
            // without another stream, its mailboxes would receive no events
            log.error("A stream failed; opening another in {}", PAUSE, e);
            pauseUntil(dependencies.clock().instant().plus(PAUSE));
        }
    }

    /// Sets the open stream.
    synchronized void onOpened(OpenStream opened) {
        stream = Optional.of(opened);
        if (stopped) {
            opened.close(OpenStream.CloseReason.TO_BE_REOPENED);
        }
    }

    synchronized void onClosed() {
        stream = Optional.empty();
    }

    synchronized boolean isCurrent(OpenStream opened) {
        return !stopped && stream.filter(open -> open == opened).isPresent();
    }

    /// Waits until an instant, or until the worker is not wanted.
    synchronized void pauseUntil(Instant until) throws InterruptedException {
        while (isWanted() && dependencies.clock().instant().isBefore(until)) {
            wait(1_000);
        }
    }

    /// Waits until a mailbox can be subscribed, or until the worker is not wanted.
    synchronized void awaitPending() throws InterruptedException {
        while (isWanted() && !members.hasPending(dependencies.clock().instant())) {
            wait(1_000);
        }
    }
}
