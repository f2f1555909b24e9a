package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.store.SubscriptionStore;
import dev.tidemark.subscriber.connection.EwsErrorTraits;
import dev.tidemark.subscriber.connection.RemediationHints;
import dev.tidemark.subscriber.connection.RetryBackoff;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.LogLineLimiter;
import dev.tidemark.values.ReadableTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides after a failure: schedules the next try, or marks the mailbox as failed. Called on the job's thread.
/// Thread-safe.
final class SubscriptionRetryPolicy {
    private static final Logger log = LoggerFactory.getLogger(SubscriptionRetryPolicy.class);

    /// An internal error that wraps no other error (docs, responsecode).
    private static final String INTERNAL_ERROR = "ErrorInternalServerError";

    /// Consecutive failures that indicate a lasting problem.
    private static final int REPORTED_FAILURES = 3;

    private static final int MAX_INTERNAL_ERRORS = 7;
    private static final int MAX_REFERRALS = 9;

    /// Limit of the delay while Exchange is out of reach. One mailbox probes for all then, and must not be the
    /// last to return.
    private static final Duration MAX_DELAY_UNREACHABLE = Duration.ofMinutes(1);

    private final SubscriptionStore subscriptions;
    private final AddressTypeResolver addressTypes;
    private final MailboxFailureTracker failureTracker;
    private final Clock clock;
    private final DoubleSupplier random;
    private final LogLineLimiter retryLines = new LogLineLimiter();

    public SubscriptionRetryPolicy(
            SubscriptionStore subscriptions,
            AddressTypeResolver addressTypes,
            MailboxFailureTracker failureTracker,
            Clock clock,
            DoubleSupplier random) {
        this.subscriptions = subscriptions;
        this.addressTypes = addressTypes;
        this.failureTracker = failureTracker;
        this.clock = clock;
        this.random = random;
    }

    public SubscriptionOutcome.RetryAt scheduleRetry(MailboxJob job, EwsError error) {
        return scheduleRetry(job, error, Optional.empty());
    }

    /// Schedules the next try: by the wait that Exchange requests, else by its own schedule.
    public SubscriptionOutcome.RetryAt scheduleRetry(MailboxJob job, EwsError error, Optional<Duration> requestedWait) {
        var failures = failureTracker.recordFailure(job.id());
        var wait = requestedWait
                .map(requested -> RetryBackoff.requestedDelay(requested, random.getAsDouble()))
                .orElseGet(() -> retryDelay(error, failures));
        if (failures == REPORTED_FAILURES && EwsErrorTraits.concernsMailbox(error)) {
            subscriptions.recordImpairment(job.id(), "requests-refused", repeatedRefusals(error));
        }
        var at = clock.instant().plus(wait);
        logRetry(job, error, at);
        return new SubscriptionOutcome.RetryAt(at, error.code().value(), error.text());
    }

    private void logRetry(MailboxJob job, EwsError error, Instant at) {
        var time = ReadableTime.of(at);
        log.debug("{} failed; retrying at {}: {} {}", job.address(), time, error.code(), error.text());
        retryLines
                .admit(clock.instant())
                .ifPresent(omitted -> log.info(
                        "{} failed; retrying at {}: {} {}{}",
                        job.address(),
                        time,
                        error.code(),
                        error.text(),
                        LogLineLimiter.suffix(omitted)));
    }

    private static String repeatedRefusals(EwsError error) {
        return "Exchange refused " + REPORTED_FAILURES + " requests in a row, the last with " + describe(error)
                + " Tidemark keeps trying; if this continues, check the event log of the Exchange server";
    }

    /// Returns the error in the form of a mailbox's last error.
    public static String describe(EwsError error) {
        var text = RemediationHints.text(error);
        return text.isEmpty() ? error.code() + "." : error.code() + ": " + text;
    }

    /// Applies the refusal of a request that is not a subscription.
    public SubscriptionOutcome onRefusal(MailboxJob job, EwsError error) {
        if (EwsErrorTraits.isCausedByTidemark(error)) {
            return new SubscriptionOutcome.Skipped("Tidemark is stopping");
        }
        return switch (error) {
            case EwsError.PermanentForMailbox permanent -> fail(job, permanent);
            case EwsError.PermanentForConnection permanent -> fail(job, permanent);
            // folder syncs handle a missing folder themselves; here a configured folder was not found
            case EwsError.FolderGone permanent -> fail(job, permanent);
            case EwsError.RetryAfter retry ->
                hasFailedTooOften(job, retry) ? fail(job, retry) : scheduleRetry(job, retry, retry.backOff());
            case EwsError.RetryNarrower retry -> scheduleRetry(job, retry);
            case EwsError.ResubscribeFromWatermark other -> scheduleRetry(job, other);
            case EwsError.ResubscribeAndResync other -> scheduleRetry(job, other);
            case EwsError.DropSyncState other -> scheduleRetry(job, other);
            case EwsError.Rediscover other -> scheduleRetry(job, other);
        };
    }

    private Duration retryDelay(EwsError error, int failures) {
        if (error instanceof EwsError.RetryAfter retry && EwsErrorTraits.isBusy(retry)) {
            return RetryBackoff.delayWhenBusy(failures, random.getAsDouble());
        }
        var wait = RetryBackoff.delayAfter(failures, random.getAsDouble());
        return EwsErrorTraits.concernsAllMailboxes(error) && wait.compareTo(MAX_DELAY_UNREACHABLE) > 0
                ? MAX_DELAY_UNREACHABLE
                : wait;
    }

    public SubscriptionOutcome.Failed fail(MailboxJob job, EwsError refusal) {
        failureTracker.reset(job.id());
        var error = addressTypes.explain(job, refusal);
        var text = RemediationHints.text(error);
        subscriptions.fail(job.id(), error.code().value(), text);
        log.debug("{} failed and needs operator action: {} {}", job.address(), error.code(), text);
        return new SubscriptionOutcome.Failed(error.code().value(), text, scope(job, error));
    }

    private static SubscriptionOutcome.FailureScope scope(MailboxJob job, EwsError error) {
        if (!(error instanceof EwsError.PermanentForConnection)) {
            return SubscriptionOutcome.FailureScope.MAILBOX;
        }
        if (job.gate().failsAlone(job.address())) {
            return SubscriptionOutcome.FailureScope.MAILBOX_ACCESS;
        }
        return job.gate().status().isAvailable()
                ? SubscriptionOutcome.FailureScope.UNDECIDED
                : SubscriptionOutcome.FailureScope.CONNECTION;
    }

    /// Returns whether the mailbox has failed too often to recover soon. Either Exchange failed for this
    /// mailbox, or it has reported for a quarter of an hour that another server serves it. Front ends learn of a
    /// move sooner.
    public boolean hasFailedTooOften(MailboxJob job, EwsError error) {
        return (error.code().value().equals(INTERNAL_ERROR) && failureTracker.failures(job.id()) >= MAX_INTERNAL_ERRORS)
                || (error instanceof EwsError.Rediscover && failureTracker.failures(job.id()) >= MAX_REFERRALS);
    }

    /// Returns the number of consecutive failures of this mailbox.
    int failures(MailboxJob job) {
        return failureTracker.failures(job.id());
    }

    public void reset(MailboxJob job) {
        failureTracker.reset(job.id());
    }
}
