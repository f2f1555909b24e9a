package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsError;
import dev.tidemark.ews.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/// How long Exchange is to be left alone, by whom. With impersonation the budget that is used up is the
/// mailbox's (docs, ews-throttling); but a front end without a server behind it, an answer that concerns no
/// mailbox, or several busy mailboxes at once speak of everybody. Safe for use by many threads.
final class Pauses {
    /// So many different mailboxes, busy within so long, are no coincidence.
    private static final int CROWD = 3;

    private static final Duration CROWD_WITHIN = Duration.ofSeconds(10);

    /// Who cannot be reached does not mind being asked for by one, and everybody waits for the answer.
    private static final Duration MOST_OUT_OF_REACH = Duration.ofSeconds(15);

    /// Without a word of how long it is to be.
    private static final Duration MOST_FOR_EVERYBODY = Duration.ofMinutes(1);

    private static final Duration ROOM_CHECK = Duration.ofMinutes(1);

    private final boolean shared;
    private final Clock clock;
    private final DoubleSupplier chance;
    private final Map<MailboxAddress, Pause> mailboxes = new HashMap<>();
    private final Map<MailboxAddress, Instant> crowd = new HashMap<>();
    private Pause everybody = Pause.NONE;
    private Instant roomMadeAt = Instant.MIN;

    /// `from` tells that the clock was set back. `inARow` counts what led to it.
    private record Pause(Instant from, Instant until, int inARow) {
        static final Pause NONE = new Pause(Instant.MIN, Instant.MIN, 0);

        boolean holds(Instant now) {
            return now.isBefore(until) && !now.isBefore(from);
        }
    }

    /// With `shared`, all requests are charged to one account.
    Pauses(boolean shared, Clock clock, DoubleSupplier chance) {
        this.shared = shared;
        this.clock = clock;
        this.chance = chance;
    }

    /// Until when nothing may be sent for this mailbox, or for none in particular.
    synchronized Optional<Instant> until(Optional<MailboxAddress> mailbox) {
        var now = clock.instant();
        return Stream.concat(
                        Stream.of(everybody), mailbox.flatMap(one -> Optional.ofNullable(mailboxes.get(one))).stream())
                .filter(pause -> pause.holds(now))
                .map(Pause::until)
                .max(Instant::compareTo);
    }

    /// How many mailboxes are held back, each by itself.
    synchronized long mailboxes() {
        var now = clock.instant();
        return mailboxes.values().stream().filter(pause -> pause.holds(now)).count();
    }

    /// Takes note of a failure. Returns until when it holds everybody back, if it is the first to do so.
    synchronized Optional<Instant> failed(Optional<MailboxAddress> mailbox, EwsError.RetryAfter error) {
        if (Signs.concernsEverybody(error)) {
            var length = lengthOf(error, everybody.inARow() + 1, chance.getAsDouble());
            var most = Signs.isNoAnswer(error) ? MOST_OUT_OF_REACH : MOST_FOR_EVERYBODY;
            return holdEverybody(error.backOff().isEmpty() && length.compareTo(most) > 0 ? most : length);
        }
        if (!Signs.isBusy(error)) {
            return Optional.empty();
        }
        if (shared || mailbox.isEmpty()) {
            return holdEverybody(lengthOf(error, everybody.inARow() + 1, chance.getAsDouble()));
        }
        var length = hold(mailbox.get(), error);
        return isCrowd(mailbox.get()) ? holdEverybody(length) : Optional.empty();
    }

    /// Exchange has answered, so that the next trouble is a first one.
    synchronized void answered(Optional<MailboxAddress> mailbox) {
        if (!everybody.holds(clock.instant())) {
            everybody = Pause.NONE;
        }
        mailbox.ifPresent(mailboxes::remove);
    }

    private Optional<Instant> holdEverybody(Duration length) {
        var now = clock.instant();
        var until = now.plus(length);
        if (!everybody.holds(now)) {
            everybody = new Pause(now, until, everybody.inARow() + 1);
            return Optional.of(until);
        }
        if (until.isAfter(everybody.until())) {
            everybody = new Pause(everybody.from(), until, everybody.inARow());
        }
        return Optional.empty();
    }

    /// The retry itself is spread; this is the floor under it and under everything else for the mailbox.
    private Duration hold(MailboxAddress mailbox, EwsError.RetryAfter error) {
        makeRoom();
        var now = clock.instant();
        var before = mailboxes.getOrDefault(mailbox, Pause.NONE);
        var length = lengthOf(error, before.inARow() + 1, 0);
        var until = now.plus(length);
        mailboxes.put(
                mailbox,
                before.holds(now) && before.until().isAfter(until)
                        ? before
                        : new Pause(now, until, before.inARow() + 1));
        return length;
    }

    private boolean isCrowd(MailboxAddress mailbox) {
        var now = clock.instant();
        crowd.values().removeIf(at -> Duration.between(at, now).abs().compareTo(CROWD_WITHIN) > 0);
        crowd.put(mailbox, now);
        return crowd.size() >= CROWD;
    }

    private static Duration lengthOf(EwsError.RetryAfter error, int inARow, double chance) {
        return error.backOff()
                .map(asked -> Backoff.asked(asked, chance))
                .orElseGet(() -> Signs.isBusy(error) ? Backoff.busy(inARow, chance) : Backoff.after(inARow, chance));
    }

    /// A pause is remembered for a while after its end, so that the next one in a row is longer.
    private void makeRoom() {
        var now = clock.instant();
        if (Duration.between(roomMadeAt, now).abs().compareTo(ROOM_CHECK) > 0) {
            roomMadeAt = now;
            mailboxes
                    .values()
                    .removeIf(pause -> pause.until().plus(Backoff.MOST).isBefore(now));
        }
    }
}
