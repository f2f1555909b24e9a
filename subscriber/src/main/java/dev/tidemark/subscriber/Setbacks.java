package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsError;
import dev.tidemark.values.ReadableTime;
import dev.tidemark.watermark.Subscriptions;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what went wrong into when to try again, or into giving up.
final class Setbacks {
    private static final Logger log = LoggerFactory.getLogger(Setbacks.class);

    /// An internal error that wraps no other (docs, responsecode).
    private static final String FAILED = "ErrorInternalServerError";

    /// Failures in a row that indicate a lasting problem.
    private static final int REPORTED = 3;

    private static final int MOST_FAILURES = 7;
    private static final int MOST_REFERRALS = 9;

    /// One asks for all while Exchange is out of reach, and is not to be the last to come back for that.
    private static final Duration MOST_FOR_ALL = Duration.ofMinutes(1);

    private final Subscriptions subscriptions;
    private final NameCheck names;
    private final Troubles troubles;
    private final Clock clock;
    private final DoubleSupplier chance;

    Setbacks(Subscriptions subscriptions, NameCheck names, Troubles troubles, Clock clock, DoubleSupplier chance) {
        this.subscriptions = subscriptions;
        this.names = names;
        this.troubles = troubles;
        this.clock = clock;
        this.chance = chance;
    }

    Outcome.RetryAt again(Job job, EwsError error) {
        return again(job, error, Optional.empty());
    }

    /// By Exchange's wish, where it named one, else by our own schedule.
    Outcome.RetryAt again(Job job, EwsError error, Optional<Duration> backOff) {
        var failures = troubles.another(job.id());
        var wait = backOff.map(asked -> Backoff.asked(asked, chance.getAsDouble()))
                .orElseGet(() -> schedule(error, failures));
        if (failures == REPORTED && Signs.concernsMailbox(error)) {
            subscriptions.impaired(job.id(), "requests-refused", repeated(error));
        }
        var at = clock.instant().plus(wait);
        log.info("{} has to wait until {}: {} {}", job.address(), ReadableTime.of(at), error.code(), error.text());
        return new Outcome.RetryAt(at, error.code().value(), error.text());
    }

    private static String repeated(EwsError error) {
        return "Exchange refused " + REPORTED + " requests in a row, the last with " + words(error)
                + " Tidemark keeps trying; if this continues, check the event log of the Exchange server";
    }

    /// Returns the error as a mailbox's last error shows it.
    static String words(EwsError error) {
        var text = Mends.text(error);
        return text.isEmpty() ? error.code() + "." : error.code() + ": " + text;
    }

    /// What follows from a refusal of whatever was asked for beside a subscription.
    Outcome refused(Job job, EwsError error) {
        if (Signs.isOurDoing(error)) {
            return new Outcome.Skipped("Tidemark is stopping");
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
        if (error instanceof EwsError.RetryAfter retry && Signs.isBusy(retry)) {
            return Backoff.busy(failures, chance.getAsDouble());
        }
        var wait = Backoff.after(failures, chance.getAsDouble());
        return Signs.concernsEverybody(error) && wait.compareTo(MOST_FOR_ALL) > 0 ? MOST_FOR_ALL : wait;
    }

    Outcome.Failed permanent(Job job, EwsError refusal) {
        troubles.over(job.id());
        var error = names.explained(job, refusal);
        var text = Mends.text(error);
        subscriptions.fail(job.id(), error.code().value(), text);
        log.debug("Giving {} up until a person mends it: {} {}", job.address(), error.code(), text);
        return new Outcome.Failed(error.code().value(), text, scope(job, error));
    }

    private static Outcome.FailureScope scope(Job job, EwsError error) {
        if (!(error instanceof EwsError.PermanentForConnection)) {
            return Outcome.FailureScope.MAILBOX;
        }
        if (job.gate().failsAlone(job.address())) {
            return Outcome.FailureScope.MAILBOX_ACCESS;
        }
        return job.gate().status().isAvailable() ? Outcome.FailureScope.UNDECIDED : Outcome.FailureScope.CONNECTION;
    }

    /// Exchange failed on this very mailbox too often to be about to recover, or has said for a quarter of an
    /// hour, which is longer than its front ends take to learn of a move, that somebody else serves it.
    boolean hopeless(Job job, EwsError error) {
        return (error.code().value().equals(FAILED) && troubles.failures(job.id()) >= MOST_FAILURES)
                || (error instanceof EwsError.Rediscover && troubles.failures(job.id()) >= MOST_REFERRALS);
    }

    /// Returns the number of failures in a row for this mailbox.
    int failures(Job job) {
        return troubles.failures(job.id());
    }

    void over(Job job) {
        troubles.over(job.id());
    }
}
