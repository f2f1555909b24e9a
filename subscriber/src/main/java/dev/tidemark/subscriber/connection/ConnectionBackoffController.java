package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ReadableTime;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an answer means for the requests after it, of its mailbox or of all. Safe for use by many threads.
final class ConnectionBackoffController {
    private static final Logger log = LoggerFactory.getLogger(ConnectionBackoffController.class);

    private final String connection;
    private final Duration maxBackoff;
    private final RequestScheduler turns;
    private final BackoffTracker pauses;
    private final FaultAttribution attribution;
    private final ConnectionAvailability availability;
    private final Counts counts;

    /// Request counters of all connections, and of this one.
    record Counts(SubscriberStats total, ConnectionStats own) {}

    /// Parts that the responses of one connection change.
    record Collaborators(
            RequestScheduler turns,
            BackoffTracker pauses,
            FaultAttribution attribution,
            ConnectionAvailability availability) {}

    ConnectionBackoffController(String connection, Duration maxBackoff, Collaborators levers, Counts counts) {
        this.connection = connection;
        this.maxBackoff = maxBackoff;
        this.turns = levers.turns();
        this.pauses = levers.pauses();
        this.attribution = levers.attribution();
        this.availability = levers.availability();
        this.counts = counts;
    }

    /// Counts a response and applies its consequences. Returns the same response, with one exception: the probe
    /// interval replaces a requested wait that is not believed, so that all schedules follow it.
    <R> EwsResult<R> apply(
            EwsResult<R> answer,
            RequestPriority priority,
            Optional<MailboxAddress> mailbox,
            RequestScheduler.Permit pass) {
        counts.total().requests.increment();
        counts.own().countSent(priority);
        if (EwsErrorTraits.isStale(answer)) {
            return answer;
        }
        return switch (answer) {
            case EwsResult.Success<R> success -> {
                attribution.recordSuccess(mailbox);
                onSuccess(mailbox);
                yield success;
            }
            case EwsResult.Refused<R> refused -> {
                counts.total().refused.increment();
                counts.own().countRefused();
                yield new EwsResult.Refused<>(onError(refused.error(), mailbox, pass));
            }
        };
    }

    private EwsError onError(EwsError error, Optional<MailboxAddress> mailbox, RequestScheduler.Permit pass) {
        if (error instanceof EwsError.RetryNarrower) {
            turns.reduceLimit(pass.startedUnder()).ifPresent(width -> onLimitReduced(width, error));
            return error;
        }
        if (EwsErrorTraits.isCausedByTidemark(error)) {
            return error;
        }
        var fault = EwsErrorTraits.mayConcernConnection(error)
                ? Optional.of(attribution.recordRefusal(mailbox, error))
                : Optional.<FaultAttribution.Fault>empty();
        var heard = error instanceof EwsError.RetryAfter retry
                ? onRetryAfter(
                        retry,
                        mailbox,
                        fault.filter(FaultAttribution.Fault.MAILBOX::equals).isPresent())
                : error;
        fault.ifPresent(whose -> availability.recordRefusal(heard, whose));
        if (EwsErrorTraits.provesConnection(error)) {
            attribution.recordSuccess(mailbox);
            availability.recordResponse(isBackingOff());
        }
        if (!(error instanceof EwsError.RetryAfter)) {
            endBackoff(mailbox);
        }
        return heard;
    }

    private EwsError onRetryAfter(EwsError.RetryAfter error, Optional<MailboxAddress> mailbox, boolean failsAlone) {
        if (EwsErrorTraits.isUncertainLogin(error)) {
            // directories lock accounts that show too many wrong passwords
            turns.setSequential(true);
        }
        var effect = pauses.recordFailure(mailbox, error, failsAlone);
        var heard = new EwsError.RetryAfter(
                error.code(), text(error), effect.retryAfter().or(error::backOff));
        effect.held().ifPresent(pause -> onPause(pause, heard));
        return heard;
    }

    private String text(EwsError.RetryAfter error) {
        return error.backOff()
                .filter(asked -> !RetryBackoff.isCredible(asked, maxBackoff))
                .map(asked ->
                        "%s The pause of %d s that it asks for is longer than limits.max-backoff (%d s) and not obeyed."
                                .formatted(error.text(), asked.toSeconds(), maxBackoff.toSeconds())
                                .strip())
                .orElse(error.text());
    }

    private void onSuccess(Optional<MailboxAddress> mailbox) {
        endBackoff(mailbox);
        availability.recordResponse(isBackingOff());
    }

    private boolean isBackingOff() {
        return pauses.pausedUntil(Optional.empty()).isPresent();
    }

    private void endBackoff(Optional<MailboxAddress> mailbox) {
        pauses.recordSuccess(mailbox);
        turns.setSequential(false);
        turns.raiseLimitIfDue()
                .ifPresent(width -> log.info("Connection {} takes {} requests at once again", connection, width));
    }

    private void onPause(BackoffTracker.ConnectionPause pause, EwsError error) {
        if (pause.begins()) {
            counts.total().pauses.increment();
            counts.own().countPause();
        }
        if (pause.isNews()) {
            log.warn(
                    "Connection {} backs off until {}: {} {}",
                    connection,
                    ReadableTime.of(pause.until()),
                    error.code(),
                    error.text());
        }
        if (!pause.believed()) {
            // one probe at a time
            turns.setSequential(true);
        }
        turns.recheckQueue();
        availability.recordBackoff(error, pause.until(), pause.believed());
    }

    private void onLimitReduced(int width, EwsError error) {
        counts.own().countLimitReduction();
        log.warn(
                "Connection {} is narrowed to {} requests at once: {} {}",
                connection,
                width,
                error.code(),
                error.text());
    }
}
