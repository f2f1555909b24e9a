package dev.tidemark.subscriber;

import dev.tidemark.ews.EventStream;
import dev.tidemark.ews.EwsAnswer;
import dev.tidemark.ews.EwsCall;
import dev.tidemark.ews.EwsError;
import dev.tidemark.ews.EwsRequest;
import dev.tidemark.ews.GetStreamingEvents;
import dev.tidemark.ews.MailboxAddress;
import dev.tidemark.ews.NotificationMessage.Notification;
import dev.tidemark.ews.StreamStep;
import dev.tidemark.ews.Subscribed;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One stream after the other for up to 200 mailboxes. A thread of its own subscribes them, opens the stream,
/// has every mailbox looked at from its sync state, because a stream tells nothing of what was before it, and
/// reads until the stream ends. Safe for use by many threads.
final class StreamLine {
    private static final Logger log = LoggerFactory.getLogger(StreamLine.class);

    /// What a stream may be late with its end.
    private static final Duration SLACK = Duration.ofMinutes(1);

    /// What ends earlier tells of a server that is not well, and nothing of the network.
    private static final Duration TOO_SHORT = Duration.ofMinutes(1);

    private static final Duration REST = Duration.ofSeconds(30);

    private final StreamLength lengths;
    private final Anchors anchors;
    private final Streams.Surroundings surroundings;
    private final StreamTally tally;
    private final Riders riders;
    private Optional<Ride> ride = Optional.empty();
    private boolean running;
    private boolean stopped;
    private int failures;

    StreamLine(StreamLength lengths, Anchors anchors, Streams.Surroundings surroundings, StreamTally tally) {
        this.lengths = lengths;
        this.anchors = anchors;
        this.surroundings = surroundings;
        this.tally = tally;
        this.riders = new Riders(surroundings.clock());
    }

    /// Why a stream was closed by us.
    private enum Closed {
        NOT,
        SILENT,
        TO_BE_REOPENED
    }

    /// An open stream. Guarded by the line.
    private static final class Ride {
        private final EventStream stream;
        private final Duration length;
        private final Instant openedAt;
        private Closed closed = Closed.NOT;

        Ride(EventStream stream, Duration length, Instant openedAt) {
            this.stream = stream;
            this.length = length;
            this.openedAt = openedAt;
        }

        boolean isLate(Instant now) {
            return now.isAfter(openedAt.plus(length).plus(SLACK));
        }

        void close(Closed why) {
            if (closed == Closed.NOT) {
                closed = why;
                stream.close();
            }
        }
    }

    int room() {
        return GetStreamingEvents.MOST_SUBSCRIPTIONS - riders.size();
    }

    synchronized boolean isOpen() {
        return ride.isPresent();
    }

    synchronized boolean isOver() {
        return !running;
    }

    /// Takes mailboxes on; a stream that is open is replaced by one that serves them, too.
    synchronized void join(List<Job> jobs) {
        jobs.forEach(riders::add);
        ride.ifPresent(open -> open.close(Closed.TO_BE_REOPENED));
        if (!running && !stopped) {
            running = true;
            surroundings.executor().execute(this::run);
        }
        notifyAll();
    }

    /// Lets a mailbox go; the stream goes on for the others.
    void leave(MailboxId mailbox) {
        riders.remove(mailbox).ifPresent(rider -> surroundings.executor().execute(() -> unsubscribe(rider)));
        synchronized (this) {
            if (riders.size() == 0) {
                ride.ifPresent(open -> open.close(Closed.TO_BE_REOPENED));
            }
            notifyAll();
        }
    }

    /// Notices what time brings: a stream that should have ended, a subscription that can be tried again.
    synchronized void look() {
        var now = surroundings.clock().instant();
        ride.filter(open -> open.isLate(now)).ifPresent(open -> open.close(Closed.SILENT));
        if (riders.hasPending(now)) {
            ride.ifPresent(open -> open.close(Closed.TO_BE_REOPENED));
        }
        notifyAll();
    }

    synchronized void stop() {
        stopped = true;
        ride.ifPresent(open -> open.close(Closed.TO_BE_REOPENED));
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
        running = !stopped && riders.size() > 0;
        return running;
    }

    private synchronized void ends() {
        running = false;
    }

    private void roundOrRest() throws InterruptedException {
        try {
            round();
        } catch (RuntimeException e) {
            // its mailboxes would hear nothing any more
            log.error("A stream failed, opening another in {}", REST, e);
            rest(surroundings.clock().instant().plus(REST));
        }
    }

    private void round() throws InterruptedException {
        for (var rider : riders.pending()) {
            subscribe(rider);
        }
        var subscriptions = riders.subscriptions();
        if (subscriptions.isEmpty()) {
            rest(riders.nextTry().orElseGet(() -> surroundings.clock().instant().plus(REST)));
            return;
        }
        var length = lengths.next();
        var now = surroundings.clock().instant();
        var anchor = anchors.open(riders.addresses(), now, now.plus(length));
        if (anchor.isEmpty()) {
            rest(now.plus(REST));
            return;
        }
        open(anchor.get(), new GetStreamingEvents(subscriptions, length), now);
    }

    private void open(MailboxAddress anchor, GetStreamingEvents request, Instant now) throws InterruptedException {
        var gate = riders.any().map(rider -> rider.job().gate());
        if (gate.isEmpty()) {
            return;
        }
        var until = now.plus(request.connectionTimeout());
        var silent = false;
        switch (gate.get().stream(Priority.COMPENSATION, anchor, request)) {
            case Sent.Answered<EventStream>(var answer) -> silent = answered(answer, request);
            case Sent.HeldBack<EventStream> held -> rest(held.until());
            case Sent.Stopping<EventStream> ignored -> stop();
        }
        if (!silent) {
            anchors.closed(anchor, until);
        }
    }

    /// Whether Exchange may take the stream for open still.
    private boolean answered(EwsAnswer<EventStream> answer, GetStreamingEvents request) throws InterruptedException {
        return switch (answer) {
            case EwsAnswer.Success<EventStream> success -> ride(success.value(), request.connectionTimeout());
            case EwsAnswer.Refused<EventStream> refused -> {
                log.info(
                        "Exchange opens no stream: {} {}",
                        refused.error().code(),
                        refused.error().text());
                if (!isBusy(refused.error())) {
                    riders.forget(List.of());
                }
                restAfterFailure();
                yield false;
            }
        };
    }

    /// Whether the subscriptions may be sound, and only the moment is not.
    private static boolean isBusy(EwsError error) {
        return error instanceof EwsError.RetryAfter || error instanceof EwsError.RetryNarrower;
    }

    private boolean ride(EventStream stream, Duration length) throws InterruptedException {
        var now = surroundings.clock().instant();
        var mine = new Ride(stream, length, now);
        begin(mine);
        tally.opened.increment();
        log.debug("A stream for {} mailboxes is open for {}", riders.size(), length);
        surroundings.executor().execute(() -> closeGaps(mine));
        try {
            var cause = read(mine);
            return ended(mine, cause);
        } finally {
            stream.close();
        }
    }

    private synchronized void begin(Ride mine) {
        ride = Optional.of(mine);
        if (stopped) {
            mine.close(Closed.TO_BE_REOPENED);
        }
    }

    /// Reads to the end; returns what it ended by.
    private Optional<EwsError> read(Ride mine) {
        while (true) {
            switch (mine.stream.next()) {
                case StreamStep.Arrived arrived -> arrived.notifications().forEach(this::told);
                case StreamStep.Lost lost -> {
                    log.info(
                            "A stream lost {} subscriptions: {}",
                            lost.subscriptions().size(),
                            lost.error().code());
                    riders.forget(lost.subscriptions());
                    // what is left of it is opened again with new ones in their place
                    return Optional.of(lost.error());
                }
                case StreamStep.Ended ended -> {
                    return ended.cause();
                }
            }
        }
    }

    private void told(Notification notification) {
        var rider = riders.of(notification.subscriptionId());
        try {
            rider.ifPresent(each -> tally.found(surroundings
                    .store()
                    .fallbacks()
                    .streamed(
                            each.job().id(), notification, surroundings.clock().instant())));
        } catch (StoreException e) {
            // the look that goes with the next stream finds it
            log.warn("What a stream told could not be stored: {}", e.getMessage());
            synchronized (this) {
                ride.ifPresent(open -> open.close(Closed.TO_BE_REOPENED));
            }
        }
    }

    /// Learns from how it ended; returns whether Exchange may take the stream for open still.
    private boolean ended(Ride mine, Optional<EwsError> cause) throws InterruptedException {
        Closed closed;
        synchronized (this) {
            ride = Optional.empty();
            closed = mine.closed;
        }
        var lasted = Duration.between(mine.openedAt, surroundings.clock().instant());
        if (closed == Closed.SILENT) {
            tally.silent.increment();
            lengths.died(mine.length);
            log.info("A stream of {} fell silent, the next one lasts {}", mine.length, lengths.next());
            return true;
        }
        if (closed == Closed.TO_BE_REOPENED) {
            return false;
        }
        if (cause.isPresent()) {
            broken(mine, cause.get(), lasted);
        } else if (lasted.compareTo(mine.length.minus(TOO_SHORT)) >= 0) {
            lengths.lived(mine.length);
        }
        if (cause.isEmpty() && lasted.compareTo(Duration.ofSeconds(1)) >= 0) {
            failures = 0;
        } else {
            restAfterFailure();
        }
        return false;
    }

    private void broken(Ride mine, EwsError cause, Duration lasted) {
        log.info("A stream of {} ended after {}: {}", mine.length, lasted, cause.text());
        if (Signs.isLostReply(cause) && lasted.compareTo(TOO_SHORT) >= 0) {
            lengths.died(mine.length);
        }
    }

    /// Looks for what no stream told: what was before it, and what was lost with the one before.
    private void closeGaps(Ride mine) {
        var left = new ArrayDeque<>(riders.mailboxes());
        try {
            while (!left.isEmpty() && isCurrent(mine)) {
                var mailbox = left.remove();
                var polled = surroundings.look().apply(mailbox);
                tally.found(polled.found());
                if (polled.cut().orElse(null) instanceof Outcome.RetryAt retry) {
                    left.add(mailbox);
                    rest(retry.at());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("Mailboxes of a stream could not be looked at; the next stream has it done again", e);
        }
    }

    private synchronized boolean isCurrent(Ride mine) {
        return !stopped && ride.filter(open -> open == mine).isPresent();
    }

    private void subscribe(Riders.Rider rider) throws InterruptedException {
        var job = rider.job();
        var call =
                new EwsCall.SubscribeStreaming(job.plan().folders(), job.plan().events());
        switch (job.gate().send(Priority.SUBSCRIBE, job.address(), call)) {
            case Sent.Answered<Subscribed>(var answer) -> {
                switch (answer) {
                    case EwsAnswer.Success<Subscribed> success -> {
                        surroundings.setbacks().over(job);
                        riders.subscribed(rider, success.value().subscriptionId());
                    }
                    case EwsAnswer.Refused<Subscribed> refused -> riders.tryAgain(rider, refused(job, refused.error()));
                }
            }
            case Sent.HeldBack<Subscribed> held -> riders.tryAgain(rider, held.until());
            case Sent.Stopping<Subscribed> ignored -> stop();
        }
    }

    /// When to subscribe it again.
    private Instant refused(Job job, EwsError error) {
        return switch (error) {
            case EwsError.FolderGone permanent -> givenUp(job, permanent);
            case EwsError.PermanentForMailbox permanent -> givenUp(job, permanent);
            case EwsError.PermanentForConnection permanent -> givenUp(job, permanent);
            case EwsError.RetryAfter retry ->
                surroundings.setbacks().again(job, retry, retry.backOff()).at();
            case EwsError.RetryNarrower other -> again(job, other);
            case EwsError.ResubscribeFromWatermark other -> again(job, other);
            case EwsError.ResubscribeAndResync other -> again(job, other);
            case EwsError.DropSyncState other -> again(job, other);
            case EwsError.Rediscover other -> again(job, other);
        };
    }

    private Instant again(Job job, EwsError error) {
        return surroundings.setbacks().again(job, error).at();
    }

    private Instant givenUp(Job job, EwsError error) {
        surroundings.setbacks().permanent(job, error);
        return surroundings.clock().instant().plus(Duration.ofHours(1));
    }

    /// Best effort: a streaming subscription that nobody reads dies by itself within half an hour.
    private void unsubscribe(Riders.Rider rider) {
        var job = rider.job();
        try {
            if (rider.subscription().isPresent()) {
                job.gate()
                        .send(
                                Priority.POLL,
                                job.address(),
                                new EwsRequest.Unsubscribe(rider.subscription().get()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void restAfterFailure() throws InterruptedException {
        failures++;
        rest(surroundings.clock().instant().plus(Backoff.after(failures, 0.5)));
    }

    /// Waits for the clock, or for an end.
    private synchronized void rest(Instant until) throws InterruptedException {
        while (!stopped && riders.size() > 0 && surroundings.clock().instant().isBefore(until)) {
            wait(1_000);
        }
    }
}
