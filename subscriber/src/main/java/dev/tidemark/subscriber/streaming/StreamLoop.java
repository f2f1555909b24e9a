package dev.tidemark.subscriber.streaming;

import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.connection.RetryBackoff;
import dev.tidemark.subscriber.connection.SendResult;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the thread of a line does again and again. Only that thread calls it.
final class StreamLoop {
    private static final Logger log = LoggerFactory.getLogger(StreamLoop.class);

    private static final Duration REST = Duration.ofSeconds(30);

    /// So often the server that holds the subscriptions may open no stream before another one is sought.
    private static final int MOST_FAILURES = 3;

    private final StreamWorker line;
    private final StreamMembers riders;
    private final AdaptiveStreamDuration lengths;
    private final StreamAnchorRegistry anchors;
    private final StreamCoordinator.Dependencies surroundings;
    private final StreamStats tally;
    private final StreamSubscriber boarding;
    private final StreamEventRecorder listening;
    private final StreamGapFiller gaps;
    private int failures;

    StreamLoop(
            StreamWorker line,
            StreamMembers riders,
            AdaptiveStreamDuration lengths,
            StreamAnchorRegistry anchors,
            StreamCoordinator.Dependencies surroundings,
            StreamStats tally) {
        this.line = line;
        this.riders = riders;
        this.lengths = lengths;
        this.anchors = anchors;
        this.surroundings = surroundings;
        this.tally = tally;
        this.boarding =
                new StreamSubscriber(riders, surroundings.setbacks(), surroundings.finder(), surroundings.clock());
        this.listening = new StreamEventRecorder(riders, lengths, surroundings, tally);
        this.gaps = new StreamGapFiller(riders::mailboxes, surroundings.look(), tally, surroundings.clock());
    }

    /// Whether this mailbox is better off on another line.
    boolean needsOtherServer(MailboxId mailbox) {
        return boarding.needsOtherServer(mailbox);
    }

    /// Subscribes who is to be subscribed, and opens one stream and reads it to its end. Or rests, where
    /// nothing can be opened.
    void runOnce() throws InterruptedException {
        if (!boarding.subscribePending()) {
            line.stop();
            return;
        }
        var subscriptions = riders.subscriptions();
        if (subscriptions.isEmpty()) {
            line.awaitPending();
            return;
        }
        var length = lengths.next();
        var now = surroundings.clock().instant();
        var name = anchors.acquire(riders.addresses(), now, now.plus(length));
        if (name.isEmpty()) {
            pauseAndPoll(now.plus(REST));
            return;
        }
        open(name.get(), new GetStreamingEvents(subscriptions, length), now);
    }

    /// Opens it in somebody's name, which counts against that mailbox's budget; which server is asked is not
    /// decided by that.
    private void open(MailboxAddress name, GetStreamingEvents request, Instant now) throws InterruptedException {
        var gate = riders.first().map(rider -> rider.job().gate());
        var affinity = boarding.affinity();
        if (gate.isEmpty() || affinity.isEmpty()) {
            return;
        }
        var until = now.plus(request.connectionTimeout());
        var silent = false;
        switch (gate.get().stream(name, request, affinity.get())) {
            case SendResult.Answered<EventStream>(var answer) -> silent = onResponse(answer, request);
            case SendResult.BackedOff<EventStream> held -> line.pauseUntil(held.until());
            case SendResult.Stopping<EventStream> ignored -> line.stop();
        }
        if (!silent) {
            anchors.release(name, until);
        }
    }

    /// Whether Exchange may take the stream for open still.
    private boolean onResponse(EwsResult<EventStream> answer, GetStreamingEvents request) throws InterruptedException {
        return switch (answer) {
            case EwsResult.Success<EventStream> success -> readStream(success.value(), request.connectionTimeout());
            case EwsResult.Refused<EventStream> refused -> {
                log.warn(
                        "Failed to open a stream: {} {}; trying again",
                        refused.error().code(),
                        refused.error().text());
                if (!isBusy(refused.error()) || failures + 1 >= MOST_FAILURES) {
                    riders.dropSubscriptions(List.of());
                }
                pauseAfterFailure();
                yield false;
            }
        };
    }

    /// Whether the subscriptions may be sound, and only the moment is not.
    private static boolean isBusy(EwsError error) {
        return error instanceof EwsError.RetryAfter || error instanceof EwsError.RetryNarrower;
    }

    private boolean readStream(EventStream stream, Duration length) throws InterruptedException {
        var mine = new OpenStream(stream, length, surroundings.clock().instant());
        line.onOpened(mine);
        tally.opened.increment();
        log.debug("A stream for {} mailboxes is open for {}", riders.size(), length);
        surroundings.executor().execute(() -> gaps.fill(() -> line.isCurrent(mine), line::pauseUntil));
        Optional<EwsError> cause;
        try {
            cause = listening.read(mine);
            line.onClosed();
        } finally {
            mine.release();
        }
        return onEnd(mine, listening.onEnd(mine, cause));
    }

    private boolean onEnd(OpenStream ride, StreamEventRecorder.StreamEnd end) throws InterruptedException {
        switch (end) {
            case WELL, BY_US -> failures = 0;
            case SILENT -> {}
            case BADLY -> {
                if (ride.age(surroundings.clock().instant()).compareTo(RetryBackoff.delayAfter(failures, 0.5)) > 0) {
                    // it was of use for longer than had been waited for it
                    failures = 0;
                }
                pauseAfterFailure();
            }
        }
        return end == StreamEventRecorder.StreamEnd.SILENT;
    }

    private void pauseAfterFailure() throws InterruptedException {
        failures++;
        var until = surroundings.clock().instant().plus(RetryBackoff.delayAfter(failures, 0.5));
        if (failures < MOST_FAILURES) {
            line.pauseUntil(until);
        } else {
            pauseAndPoll(until);
        }
    }

    /// As long as there is no stream to be had, what happens meanwhile is looked for.
    private void pauseAndPoll(Instant until) throws InterruptedException {
        gaps.fill(
                () -> line.isWanted() && surroundings.clock().instant().isBefore(until),
                moment -> line.pauseUntil(moment.isBefore(until) ? moment : until));
        line.pauseUntil(until);
    }
}
