package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/// Tracks the back-offs of mailboxes and of the whole connection. With impersonation, an exhausted budget
/// belongs to the mailbox (docs, ews-throttling). A front end without a server, a response that concerns no
/// mailbox, and several busy mailboxes at once concern all mailboxes. Obeys a requested wait up to the limit of
/// the connection; a longer one is implausible and leads to probes. Thread-safe.
final class BackoffTracker {
    /// Number of different busy mailboxes within [#BUSY_WINDOW] that counts as a busy Exchange.
    private static final int BUSY_MAILBOXES = 3;

    private static final Duration BUSY_WINDOW = Duration.ofSeconds(10);

    /// Limit while Exchange cannot be reached: probing is harmless then, and all mailboxes wait for the result.
    private static final Duration MAX_PAUSE_UNREACHABLE = Duration.ofSeconds(15);

    /// Limit of a pause of all mailboxes if Exchange requested no time.
    private static final Duration MAX_PAUSE_WITHOUT_REQUEST = Duration.ofMinutes(1);

    /// A pause that grows by less is not reported again: requests in flight together all extend it.
    private static final Duration REPORT_THRESHOLD = Duration.ofSeconds(30);

    private static final Duration CLEANUP_INTERVAL = Duration.ofMinutes(1);

    private final Clock clock;
    private final DoubleSupplier random;
    private final Map<MailboxAddress, BackoffPause> mailboxes = new HashMap<>();
    private final Map<MailboxAddress, Instant> busyMailboxes = new HashMap<>();
    private boolean shared;
    private Duration maxBackoff;
    private BackoffPause connectionPause = BackoffPause.NONE;
    private BackoffPause reported = BackoffPause.NONE;
    private Instant cleanedAt = Instant.MIN;

    /// Creates a tracker. Without impersonation, all requests are charged to one account.
    BackoffTracker(ConnectionLimits limits, Clock clock, DoubleSupplier random) {
        this.shared = !limits.impersonation();
        this.maxBackoff = limits.maxBackoff();
        this.clock = clock;
        this.random = random;
    }

    /// Uses the limits of a connection for later failures.
    synchronized void setLimits(ConnectionLimits limits) {
        shared = !limits.impersonation();
        maxBackoff = limits.maxBackoff();
    }

    /// Ends all back-offs, because their cause may be gone.
    synchronized void clear() {
        connectionPause = BackoffPause.NONE;
        mailboxes.clear();
        busyMailboxes.clear();
    }

    /// Effect of a failure on later requests.
    ///
    /// @param retryAfter wait until the next try of this mailbox: the requested wait if it is plausible, else
    ///     the probe interval; empty if Exchange requested none
    /// @param held pause of the whole connection, if the failure began or extended one
    record Effect(Optional<Duration> retryAfter, Optional<ConnectionPause> held) {}

    /// Pause of the whole connection. One that is not `believed` ends with the first success.
    ///
    /// @param begins false if an earlier failure began it
    /// @param isNews false if it is hardly longer than the last reported one
    record ConnectionPause(Instant until, boolean believed, boolean begins, boolean isNews) {}

    /// Returns the end of the back-off that applies to this mailbox, or to requests without a mailbox.
    synchronized Optional<Instant> pausedUntil(Optional<MailboxAddress> mailbox) {
        var now = clock.instant();
        return Stream.concat(
                        Stream.of(connectionPause),
                        mailbox.flatMap(each -> Optional.ofNullable(mailboxes.get(each))).stream())
                .filter(pause -> pause.isActive(now))
                .map(BackoffPause::until)
                .max(Instant::compareTo);
    }

    /// Returns the number of mailboxes with a separate back-off.
    synchronized long pausedMailboxes() {
        var now = clock.instant();
        return mailboxes.values().stream().filter(pause -> pause.isActive(now)).count();
    }

    /// Records a failure. A failure of a mailbox that fails alone does not delay other mailboxes.
    synchronized Effect recordFailure(Optional<MailboxAddress> mailbox, EwsError.RetryAfter error, boolean failsAlone) {
        if (EwsErrorTraits.concernsAllMailboxes(error) && !failsAlone) {
            var wait = lengthAfter(connectionPause, error, random.getAsDouble());
            var limit = EwsErrorTraits.isNoResponse(error) ? MAX_PAUSE_UNREACHABLE : MAX_PAUSE_WITHOUT_REQUEST;
            return pauseConnection(error.backOff().isPresent() ? wait : wait.limitedTo(limit));
        }
        if (!EwsErrorTraits.isBusy(error)) {
            return new Effect(Optional.empty(), Optional.empty());
        }
        if (shared || mailbox.isEmpty()) {
            return pauseConnection(lengthAfter(connectionPause, error, random.getAsDouble()));
        }
        var wait = pauseMailbox(mailbox.get(), error);
        return areSeveralBusy(mailbox.get()) ? pauseConnection(wait) : new Effect(wait.requested(), Optional.empty());
    }

    /// Records a success: the next failure counts as the first one, and a pause that is not believed ends.
    synchronized void recordSuccess(Optional<MailboxAddress> mailbox) {
        if (!connectionPause.isActive(clock.instant()) || !connectionPause.isBelieved()) {
            connectionPause = BackoffPause.NONE;
        }
        mailbox.ifPresent(mailboxes::remove);
    }

    private Effect pauseConnection(BackoffPause.Length wait) {
        var now = clock.instant();
        var before = connectionPause;
        connectionPause = before.afterFailure(now, wait);
        return new Effect(
                wait.requested(),
                connectionPause.equals(before)
                        ? Optional.empty()
                        : Optional.of(connectionPause(!before.isActive(now))));
    }

    private ConnectionPause connectionPause(boolean begins) {
        var isNews = begins
                || connectionPause.isBelieved() != reported.isBelieved()
                || connectionPause.until().isAfter(reported.until().plus(REPORT_THRESHOLD));
        if (isNews) {
            reported = connectionPause;
        }
        return new ConnectionPause(connectionPause.until(), connectionPause.isBelieved(), begins, isNews);
    }

    /// Pauses the mailbox without jitter; the caller adds jitter to the retry itself.
    private BackoffPause.Length pauseMailbox(MailboxAddress mailbox, EwsError.RetryAfter error) {
        removeExpired();
        var before = mailboxes.getOrDefault(mailbox, BackoffPause.NONE);
        var wait = lengthAfter(before, error, 0);
        mailboxes.put(mailbox, before.afterFailure(clock.instant(), wait));
        return wait;
    }

    private boolean areSeveralBusy(MailboxAddress mailbox) {
        var now = clock.instant();
        busyMailboxes.values().removeIf(at -> Duration.between(at, now).abs().compareTo(BUSY_WINDOW) > 0);
        busyMailboxes.put(mailbox, now);
        return busyMailboxes.size() >= BUSY_MAILBOXES;
    }

    private BackoffPause.Length lengthAfter(BackoffPause before, EwsError.RetryAfter error, double spread) {
        var now = clock.instant();
        if (error.backOff().isPresent()) {
            var requested = error.backOff().get();
            return RetryBackoff.isCredible(requested, maxBackoff)
                    ? new BackoffPause.Length(
                            RetryBackoff.requestedDelay(requested, spread), Optional.of(requested), true)
                    : BackoffPause.Length.ofProbe(RetryBackoff.probeInterval(before.nextProbeCount(now)));
        }
        var failures = before.nextFailureCount(now);
        var length = EwsErrorTraits.isBusy(error)
                ? RetryBackoff.delayWhenBusy(failures, spread)
                : RetryBackoff.delayAfter(failures, spread);
        return new BackoffPause.Length(length, Optional.empty(), true);
    }

    /// Removes ended pauses after a while. They stay until then, so that the next one in a row is longer.
    private void removeExpired() {
        var now = clock.instant();
        if (Duration.between(cleanedAt, now).abs().compareTo(CLEANUP_INTERVAL) > 0) {
            cleanedAt = now;
            mailboxes
                    .values()
                    .removeIf(
                            pause -> pause.until().plus(RetryBackoff.MAX_DELAY).isBefore(now));
        }
    }
}
