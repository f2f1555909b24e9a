package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ReadableTime;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies each result to the connection: counters, back-offs, concurrency limit, availability. [ConnectionGate]
/// calls it on the thread that sent the request. Thread-safe.
final class ConnectionBackoffController {
    private static final Logger log = LoggerFactory.getLogger(ConnectionBackoffController.class);

    private final String connection;
    private final Supplier<Duration> maxBackoff;
    private final RequestScheduler scheduler;
    private final BackoffTracker backoffs;
    private final FaultAttribution attribution;
    private final ConnectionAvailability availability;
    private final Counts counts;

    /// Request counters of all connections, and of this one.
    record Counts(SubscriberStats total, ConnectionStats own) {}

    /// Parts of the connection that results change.
    record Collaborators(
            RequestScheduler scheduler,
            BackoffTracker backoffs,
            FaultAttribution attribution,
            ConnectionAvailability availability) {}

    ConnectionBackoffController(String connection, Supplier<Duration> maxBackoff, Collaborators parts, Counts counts) {
        this.connection = connection;
        this.maxBackoff = maxBackoff;
        this.scheduler = parts.scheduler();
        this.backoffs = parts.backoffs();
        this.attribution = parts.attribution();
        this.availability = parts.availability();
        this.counts = counts;
    }

    /// Counts a result and applies its consequences. Returns the same result, with one exception: the probe
    /// interval replaces a requested wait that is implausible, so that all schedules follow it.
    <R> EwsResult<R> apply(
            EwsResult<R> result,
            RequestPriority priority,
            Optional<MailboxAddress> mailbox,
            RequestScheduler.Permit permit) {
        counts.total().requests.increment();
        counts.own().countSent(priority);
        if (EwsErrorTraits.isStale(result)) {
            return result;
        }
        return switch (result) {
            case EwsResult.Success<R> success -> {
                attribution.recordSuccess(mailbox);
                onSuccess(mailbox);
                yield success;
            }
            case EwsResult.Refused<R> refused -> {
                counts.total().refused.increment();
                counts.own().countRefused();
                yield new EwsResult.Refused<>(onError(refused.error(), mailbox, permit));
            }
        };
    }

    private EwsError onError(EwsError error, Optional<MailboxAddress> mailbox, RequestScheduler.Permit permit) {
        if (error instanceof EwsError.RetryNarrower) {
            scheduler.reduceLimit(permit.reductionsAtStart()).ifPresent(limit -> onLimitReduced(limit, error));
            return error;
        }
        if (EwsErrorTraits.isCausedByTidemark(error)) {
            return error;
        }
        var fault = EwsErrorTraits.mayConcernConnection(error)
                ? Optional.of(attribution.recordRefusal(mailbox, error))
                : Optional.<FaultAttribution.Fault>empty();
        var effective = error instanceof EwsError.RetryAfter retry
                ? onRetryAfter(
                        retry,
                        mailbox,
                        fault.filter(FaultAttribution.Fault.MAILBOX::equals).isPresent())
                : error;
        fault.ifPresent(attributed -> availability.recordRefusal(effective, attributed));
        if (EwsErrorTraits.provesConnection(error)) {
            attribution.recordSuccess(mailbox);
            availability.recordResponse(isBackingOff());
        }
        if (!(error instanceof EwsError.RetryAfter)) {
            endBackoff(mailbox);
        }
        return effective;
    }

    private EwsError onRetryAfter(EwsError.RetryAfter error, Optional<MailboxAddress> mailbox, boolean failsAlone) {
        if (EwsErrorTraits.isUncertainLogin(error)) {
            // directories lock accounts after several wrong passwords
            scheduler.setSequential(true);
        }
        var effect = backoffs.recordFailure(mailbox, error, failsAlone);
        var effective = new EwsError.RetryAfter(
                error.code(), text(error), effect.retryAfter().or(error::backOff));
        effect.held().ifPresent(pause -> onPause(pause, effective));
        return effective;
    }

    private String text(EwsError.RetryAfter error) {
        var longest = maxBackoff.get();
        return error.backOff()
                .filter(requested -> !RetryBackoff.isCredible(requested, longest))
                .map(requested ->
                        "%s The requested pause of %d s exceeds limits.max-backoff (%d s); Tidemark probes instead."
                                .formatted(error.text(), requested.toSeconds(), longest.toSeconds())
                                .strip())
                .orElse(error.text());
    }

    private void onSuccess(Optional<MailboxAddress> mailbox) {
        endBackoff(mailbox);
        availability.recordResponse(isBackingOff());
    }

    private boolean isBackingOff() {
        return backoffs.pausedUntil(Optional.empty()).isPresent();
    }

    private void endBackoff(Optional<MailboxAddress> mailbox) {
        backoffs.recordSuccess(mailbox);
        scheduler.setSequential(false);
        scheduler
                .raiseLimitIfDue()
                .ifPresent(
                        limit -> log.info("Raised the concurrency of connection {} to {} requests", connection, limit));
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
            scheduler.setSequential(true);
        }
        scheduler.recheckQueue();
        availability.recordBackoff(error, pause.until(), pause.believed());
    }

    private void onLimitReduced(int limit, EwsError error) {
        counts.own().countLimitReduction();
        log.warn(
                "Reduced the concurrency of connection {} to {} requests: {} {}",
                connection,
                limit,
                error.code(),
                error.text());
    }
}
