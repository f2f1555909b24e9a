package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/// Back-offs of mailboxes and of the whole connection. With impersonation, the budget that is used up belongs to
/// the mailbox (docs, ews-throttling). A front end without a server, a response that concerns no mailbox, and
/// several busy mailboxes at once concern all mailboxes. A wait that Exchange asks for is obeyed up to the
/// connection's limit; a longer one is not believed. Thread-safe.
final class BackoffTracker {
    /// So many different mailboxes, busy within so long, are no coincidence.
    private static final int CROWD = 3;

    private static final Duration CROWD_WITHIN = Duration.ofSeconds(10);

    /// Who cannot be reached does not mind being asked for by one, and everybody waits for the answer.
    private static final Duration MOST_OUT_OF_REACH = Duration.ofSeconds(15);

    /// Without a word of how long it is to be.
    private static final Duration MOST_FOR_EVERYBODY = Duration.ofMinutes(1);

    /// A pause that grows by less is not reported again: requests that were in flight together all prolong it.
    private static final Duration NOTABLE = Duration.ofSeconds(30);

    private static final Duration ROOM_CHECK = Duration.ofMinutes(1);

    private final boolean shared;
    private final Duration maxBackoff;
    private final Clock clock;
    private final DoubleSupplier chance;
    private final Map<MailboxAddress, BackoffPause> mailboxes = new HashMap<>();
    private final Map<MailboxAddress, Instant> crowd = new HashMap<>();
    private BackoffPause everybody = BackoffPause.NONE;
    private BackoffPause reported = BackoffPause.NONE;
    private Instant roomMadeAt = Instant.MIN;

    /// With requests that are not impersonated, all are charged to one account.
    BackoffTracker(ConnectionLimits limits, Clock clock, DoubleSupplier chance) {
        this.shared = !limits.impersonation();
        this.maxBackoff = limits.maxBackoff();
        this.clock = clock;
        this.chance = chance;
    }

    /// Effect of a failure on later requests.
    ///
    /// @param retryAfter wait until this mailbox's next try: the requested wait if it is believed, else the
    ///     interval of probes; empty if Exchange named no time
    /// @param held the pause of the whole connection, if the failure began or prolonged one
    record Effect(Optional<Duration> retryAfter, Optional<ConnectionPause> held) {}

    /// Pause of the whole connection. One that is not `believed` ends with the first success.
    ///
    /// @param begins false if an earlier failure began it
    /// @param isNews false if it is hardly longer than the last reported one
    record ConnectionPause(Instant until, boolean believed, boolean begins, boolean isNews) {}

    /// Until when nothing may be sent for this mailbox, or for none in particular.
    synchronized Optional<Instant> pausedUntil(Optional<MailboxAddress> mailbox) {
        var now = clock.instant();
        return Stream.concat(
                        Stream.of(everybody), mailbox.flatMap(one -> Optional.ofNullable(mailboxes.get(one))).stream())
                .filter(pause -> pause.isActive(now))
                .map(BackoffPause::until)
                .max(Instant::compareTo);
    }

    /// How many mailboxes are held back, each by itself.
    synchronized long pausedMailboxes() {
        var now = clock.instant();
        return mailboxes.values().stream().filter(pause -> pause.isActive(now)).count();
    }

    /// Records a failure. A failure of a mailbox that fails alone delays no other mailbox.
    synchronized Effect recordFailure(Optional<MailboxAddress> mailbox, EwsError.RetryAfter error, boolean failsAlone) {
        if (EwsErrorTraits.concernsAllMailboxes(error) && !failsAlone) {
            var wait = lengthAfter(everybody, error, chance.getAsDouble());
            var most = EwsErrorTraits.isNoResponse(error) ? MOST_OUT_OF_REACH : MOST_FOR_EVERYBODY;
            return pauseConnection(error.backOff().isPresent() ? wait : wait.limitedTo(most));
        }
        if (!EwsErrorTraits.isBusy(error)) {
            return new Effect(Optional.empty(), Optional.empty());
        }
        if (shared || mailbox.isEmpty()) {
            return pauseConnection(lengthAfter(everybody, error, chance.getAsDouble()));
        }
        var wait = pauseMailbox(mailbox.get(), error);
        return areSeveralBusy(mailbox.get()) ? pauseConnection(wait) : new Effect(wait.asked(), Optional.empty());
    }

    /// Records a success: the next failure counts as the first one, and a wait that was not believed ends.
    synchronized void recordSuccess(Optional<MailboxAddress> mailbox) {
        if (!everybody.isActive(clock.instant()) || !everybody.isBelieved()) {
            everybody = BackoffPause.NONE;
        }
        mailbox.ifPresent(mailboxes::remove);
    }

    private Effect pauseConnection(BackoffPause.Length wait) {
        var now = clock.instant();
        var before = everybody;
        everybody = before.afterFailure(now, wait);
        return new Effect(
                wait.asked(), everybody.equals(before) ? Optional.empty() : Optional.of(connectionPause(!before.isActive(now))));
    }

    private ConnectionPause connectionPause(boolean begins) {
        var isNews = begins
                || everybody.isBelieved() != reported.isBelieved()
                || everybody.until().isAfter(reported.until().plus(NOTABLE));
        if (isNews) {
            reported = everybody;
        }
        return new ConnectionPause(everybody.until(), everybody.isBelieved(), begins, isNews);
    }

    /// The retry itself is spread; this is the floor under it and under everything else for the mailbox.
    private BackoffPause.Length pauseMailbox(MailboxAddress mailbox, EwsError.RetryAfter error) {
        removeExpired();
        var before = mailboxes.getOrDefault(mailbox, BackoffPause.NONE);
        var wait = lengthAfter(before, error, 0);
        mailboxes.put(mailbox, before.afterFailure(clock.instant(), wait));
        return wait;
    }

    private boolean areSeveralBusy(MailboxAddress mailbox) {
        var now = clock.instant();
        crowd.values().removeIf(at -> Duration.between(at, now).abs().compareTo(CROWD_WITHIN) > 0);
        crowd.put(mailbox, now);
        return crowd.size() >= CROWD;
    }

    private BackoffPause.Length lengthAfter(BackoffPause before, EwsError.RetryAfter error, double spread) {
        var now = clock.instant();
        if (error.backOff().isPresent()) {
            var asked = error.backOff().get();
            return RetryBackoff.isCredible(asked, maxBackoff)
                    ? new BackoffPause.Length(RetryBackoff.requestedDelay(asked, spread), Optional.of(asked), true)
                    : BackoffPause.Length.ofProbe(RetryBackoff.probeInterval(before.nextProbeCount(now)));
        }
        var inARow = before.nextFailureCount(now);
        var length =
                EwsErrorTraits.isBusy(error) ? RetryBackoff.delayWhenBusy(inARow, spread) : RetryBackoff.delayAfter(inARow, spread);
        return new BackoffPause.Length(length, Optional.empty(), true);
    }

    /// A pause is remembered for a while after its end, so that the next one in a row is longer.
    private void removeExpired() {
        var now = clock.instant();
        if (Duration.between(roomMadeAt, now).abs().compareTo(ROOM_CHECK) > 0) {
            roomMadeAt = now;
            mailboxes
                    .values()
                    .removeIf(pause -> pause.until().plus(RetryBackoff.MAX_DELAY).isBefore(now));
        }
    }
}
