package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.connection.ExchangeGateway.SendResult;
import dev.tidemark.subscriber.connection.RetryBackoff;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens and reads the streams of one [StreamWorker], one after the other. Not thread-safe; used by the worker's
/// thread, except [#needsOtherServer].
final class StreamLoop {
    private static final Logger log = LoggerFactory.getLogger(StreamLoop.class);

    private static final Duration PAUSE = Duration.ofSeconds(30);

    /// Failures to open a stream after which another server is used.
    private static final int MAX_FAILURES = 3;

    private final StreamWorker worker;
    private final StreamMembers members;
    private final AdaptiveStreamDuration durations;
    private final StreamAnchorRegistry anchors;
    private final StreamCoordinator.Dependencies dependencies;
    private final StreamStats stats;
    private final StreamSubscriber subscriber;
    private final StreamEventRecorder recorder;
    private final StreamGapFiller gapFiller;
    private int failures;

    StreamLoop(
            StreamWorker worker,
            StreamMembers members,
            AdaptiveStreamDuration durations,
            StreamAnchorRegistry anchors,
            StreamCoordinator.Dependencies dependencies,
            StreamStats stats) {
        this.worker = worker;
        this.members = members;
        this.durations = durations;
        this.anchors = anchors;
        this.dependencies = dependencies;
        this.stats = stats;
        this.subscriber = new StreamSubscriber(
                members, dependencies.retryPolicy(), dependencies.resolver(), dependencies.clock());
        this.recorder = new StreamEventRecorder(members, durations, dependencies, stats);
        this.gapFiller = new StreamGapFiller(members::mailboxes, dependencies.poller(), stats, dependencies.clock());
    }

    /// Returns whether this mailbox needs another server. Any thread may call it.
    boolean needsOtherServer(MailboxId mailbox) {
        return subscriber.needsOtherServer(mailbox);
    }

    /// Subscribes pending mailboxes, opens one stream and reads it to its end. Pauses if no stream can be
    /// opened.
    void runOnce() throws InterruptedException {
        if (!subscriber.subscribePending()) {
            worker.stop();
            return;
        }
        var subscriptions = members.subscriptions();
        if (subscriptions.isEmpty()) {
            worker.awaitPending();
            return;
        }
        var duration = durations.next();
        var now = dependencies.clock().instant();
        var anchor = anchors.acquire(members.addresses(), now, now.plus(duration));
        if (anchor.isEmpty()) {
            pauseAndPoll(now.plus(PAUSE));
            return;
        }
        open(anchor.get(), new GetStreamingEvents(subscriptions, duration), now);
    }

    /// Opens the stream in the name of a mailbox, which is charged for it. The affinity, not the name, selects
    /// the server.
    private void open(MailboxAddress anchor, GetStreamingEvents request, Instant now) throws InterruptedException {
        var gate = members.first().map(member -> member.job().gate());
        var affinity = subscriber.affinity();
        if (gate.isEmpty() || affinity.isEmpty()) {
            return;
        }
        var until = now.plus(request.connectionTimeout());
        var mayBeOpen = false;
        switch (gate.get().stream(anchor, request, affinity.get())) {
            case SendResult.Answered<EventStream>(var answer) -> mayBeOpen = onResponse(answer, request);
            case SendResult.BackedOff<EventStream> held -> worker.pauseUntil(held.until());
            case SendResult.Stopping<EventStream> ignored -> worker.stop();
        }
        if (!mayBeOpen) {
            anchors.release(anchor, until);
        }
    }

    /// Returns whether Exchange may count the stream as open.
    private boolean onResponse(EwsResult<EventStream> answer, GetStreamingEvents request) throws InterruptedException {
        return switch (answer) {
            case EwsResult.Success<EventStream> success -> readStream(success.value(), request.connectionTimeout());
            case EwsResult.Refused<EventStream> refused -> {
                log.warn(
                        "Failed to open a stream: {} {}; retrying",
                        refused.error().code(),
                        refused.error().text());
                if (!isBusy(refused.error()) || failures + 1 >= MAX_FAILURES) {
                    members.dropSubscriptions(List.of());
                }
                pauseAfterFailure();
                yield false;
            }
        };
    }

    /// Returns whether the error is temporary, so that the subscriptions may be sound.
    private static boolean isBusy(EwsError error) {
        return error instanceof EwsError.RetryAfter || error instanceof EwsError.RetryNarrower;
    }

    private boolean readStream(EventStream events, Duration duration) throws InterruptedException {
        var stream = new OpenStream(events, duration, dependencies.clock().instant());
        worker.onOpened(stream);
        stats.opened.increment();
        log.debug("Opened a stream for {} mailboxes with a duration of {}", members.size(), duration);
        dependencies.executor().execute(() -> gapFiller.fill(() -> worker.isCurrent(stream), worker::pauseUntil));
        Optional<EwsError> cause;
        try {
            cause = recorder.read(stream);
            worker.onClosed();
        } finally {
            stream.release();
        }
        return onEnd(stream, recorder.onEnd(stream, cause));
    }

    private boolean onEnd(OpenStream stream, StreamEventRecorder.StreamEnd end) throws InterruptedException {
        switch (end) {
            case WELL, BY_US -> failures = 0;
            case SILENT -> {}
            case BADLY -> {
                if (stream.age(dependencies.clock().instant()).compareTo(RetryBackoff.delayAfter(failures, 0.5)) > 0) {
                    // it worked for longer than the delay before it
                    failures = 0;
                }
                pauseAfterFailure();
            }
        }
        return end == StreamEventRecorder.StreamEnd.SILENT;
    }

    private void pauseAfterFailure() throws InterruptedException {
        failures++;
        var until = dependencies.clock().instant().plus(RetryBackoff.delayAfter(failures, 0.5));
        if (failures < MAX_FAILURES) {
            worker.pauseUntil(until);
        } else {
            pauseAndPoll(until);
        }
    }

    /// Polls the mailboxes until `until`, because no stream can be opened.
    private void pauseAndPoll(Instant until) throws InterruptedException {
        gapFiller.fill(
                () -> worker.isWanted() && dependencies.clock().instant().isBefore(until),
                instant -> worker.pauseUntil(instant.isBefore(until) ? instant : until));
        worker.pauseUntil(until);
    }
}
