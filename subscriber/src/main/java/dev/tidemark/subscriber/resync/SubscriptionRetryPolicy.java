package dev.tidemark.subscriber.resync;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.store.SubscriptionStore;
import dev.tidemark.subscriber.connection.EwsErrorTraits;
import dev.tidemark.subscriber.connection.RemediationHints;
import dev.tidemark.subscriber.connection.RetryBackoff;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.ReadableTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what went wrong into when to try again, or into giving up.
public final class SubscriptionRetryPolicy {
    private static final Logger log = LoggerFactory.getLogger(SubscriptionRetryPolicy.class);

    /// An internal error that wraps no other (docs, responsecode).
    private static final String FAILED = "ErrorInternalServerError";

    /// Failures in a row that indicate a lasting problem.
    private static final int REPORTED = 3;

    private static final int MOST_FAILURES = 7;
    private static final int MOST_REFERRALS = 9;

    /// One asks for all while Exchange is out of reach, and is not to be the last to come back for that.
    private static final Duration MOST_FOR_ALL = Duration.ofMinutes(1);

    private final SubscriptionStore subscriptions;
    private final AddressTypeResolver names;
    private final MailboxFailureTracker troubles;
    private final Clock clock;
    private final DoubleSupplier chance;

    public SubscriptionRetryPolicy(
            SubscriptionStore subscriptions,
            AddressTypeResolver names,
            MailboxFailureTracker troubles,
            Clock clock,
            DoubleSupplier chance) {
        this.subscriptions = subscriptions;
        this.names = names;
        this.troubles = troubles;
        this.clock = clock;
        this.chance = chance;
    }

    public SubscriptionOutcome.RetryAt again(MailboxJob job, EwsError error) {
        return again(job, error, Optional.empty());
    }

    /// By Exchange's wish, where it named one, else by our own schedule.
    public SubscriptionOutcome.RetryAt again(MailboxJob job, EwsError error, Optional<Duration> backOff) {
        var failures = troubles.another(job.id());
        var wait = backOff.map(asked -> RetryBackoff.asked(asked, chance.getAsDouble()))
                .orElseGet(() -> schedule(error, failures));
        if (failures == REPORTED && EwsErrorTraits.concernsMailbox(error)) {
            subscriptions.recordImpairment(job.id(), "requests-refused", repeated(error));
        }
        var at = clock.instant().plus(wait);
        log.info("{} has to wait until {}: {} {}", job.address(), ReadableTime.of(at), error.code(), error.text());
        return new SubscriptionOutcome.RetryAt(at, error.code().value(), error.text());
    }

    private static String repeated(EwsError error) {
        return "Exchange refused " + REPORTED + " requests in a row, the last with " + words(error)
                + " Tidemark keeps trying; if this continues, check the event log of the Exchange server";
    }

    /// Returns the error as a mailbox's last error shows it.
    public static String words(EwsError error) {
        var text = RemediationHints.text(error);
        return text.isEmpty() ? error.code() + "." : error.code() + ": " + text;
    }

    /// What follows from a refusal of whatever was asked for beside a subscription.
    public SubscriptionOutcome refused(MailboxJob job, EwsError error) {
        if (EwsErrorTraits.isOurDoing(error)) {
            return new SubscriptionOutcome.Skipped("Tidemark is stopping");
        }
        return switch (error) {
            case EwsError.PermanentForMailbox permanent -> permanent(job, permanent);
            case EwsError.PermanentForConnection permanent -> permanent(job, permanent);
            // who reads a folder knows what to do; here nobody found one that is named
            case EwsError.FolderGone permanent -> permanent(job, permanent);
            case EwsError.RetryAfter retry ->
                hopeless(job, retry) ? permanent(job, retry) : again(job, retry, retry.backOff());
            case EwsError.RetryNarrower retry -> again(job, retry);
            case EwsError.ResubscribeFromWatermark other -> again(job, other);
            case EwsError.ResubscribeAndResync other -> again(job, other);
            case EwsError.DropSyncState other -> again(job, other);
            case EwsError.Rediscover other -> again(job, other);
        };
    }

    private Duration schedule(EwsError error, int failures) {
        if (error instanceof EwsError.RetryAfter retry && EwsErrorTraits.isBusy(retry)) {
            return RetryBackoff.busy(failures, chance.getAsDouble());
        }
        var wait = RetryBackoff.after(failures, chance.getAsDouble());
        return EwsErrorTraits.concernsEverybody(error) && wait.compareTo(MOST_FOR_ALL) > 0 ? MOST_FOR_ALL : wait;
    }

    public SubscriptionOutcome.Failed permanent(MailboxJob job, EwsError refusal) {
        troubles.over(job.id());
        var error = names.explained(job, refusal);
        var text = RemediationHints.text(error);
        subscriptions.fail(job.id(), error.code().value(), text);
        log.debug("Giving {} up until a person mends it: {} {}", job.address(), error.code(), text);
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

    /// Exchange failed on this very mailbox too often to be about to recover, or has said for a quarter of an
    /// hour, which is longer than its front ends take to learn of a move, that somebody else serves it.
    public boolean hopeless(MailboxJob job, EwsError error) {
        return (error.code().value().equals(FAILED) && troubles.failures(job.id()) >= MOST_FAILURES)
                || (error instanceof EwsError.Rediscover && troubles.failures(job.id()) >= MOST_REFERRALS);
    }

    /// Returns the number of failures in a row for this mailbox.
    int failures(MailboxJob job) {
        return troubles.failures(job.id());
    }

    public void over(MailboxJob job) {
        troubles.over(job.id());
    }
}
