package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsError;
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

    private final Subscriptions subscriptions;
    private final Troubles troubles;
    private final Clock clock;
    private final DoubleSupplier chance;

    Setbacks(Subscriptions subscriptions, Troubles troubles, Clock clock, DoubleSupplier chance) {
        this.subscriptions = subscriptions;
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
        var at = clock.instant().plus(wait);
        log.info("{} has to wait until {}: {} {}", job.address(), at, error.code(), error.text());
        return new Outcome.RetryAt(at, error.code().value(), error.text());
    }

    private Duration schedule(EwsError error, int failures) {
        return error instanceof EwsError.RetryAfter retry && Signs.isBusy(retry)
                ? Backoff.busy(failures, chance.getAsDouble())
                : Backoff.after(failures, chance.getAsDouble());
    }

    Outcome.Failed permanent(Job job, EwsError error) {
        troubles.over(job.id());
        subscriptions.fail(job.id(), error.code().value(), error.text());
        log.debug("Giving {} up until a person mends it: {} {}", job.address(), error.code(), error.text());
        return new Outcome.Failed(error.code().value(), error.text(), error instanceof EwsError.PermanentForConnection);
    }

    void over(Job job) {
        troubles.over(job.id());
    }
}
