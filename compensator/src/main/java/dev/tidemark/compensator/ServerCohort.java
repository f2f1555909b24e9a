package dev.tidemark.compensator;

import dev.tidemark.store.model.CallbackSource;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// History of the mailboxes that one server calls for, and the suspicion against it. Not thread-safe; used by
/// the sweep thread.
final class ServerCohort {
    /// Keeps samples of up to two hours, which show the pace before a silence.
    private static final int MAX_SAMPLES = 720;

    private static final int MAX_FALSE_ALARMS = 5;
    private static final Duration FALSE_ALARM_LIFETIME = Duration.ofHours(24);

    private record Sample(Instant at, long turns, Duration pace) {}

    /// Silence under examination, with its mailboxes and the time of each trial.
    record Suspicion(
            Instant silentSince, CallbackSource caller, List<MailboxId> mailboxes, Map<MailboxId, Instant> trials) {}

    private final Deque<Sample> samples = new ArrayDeque<>();
    private Optional<Suspicion> suspicion = Optional.empty();
    private int falseAlarms;
    private Instant lastFalseAlarmAt = Instant.EPOCH;
    private Instant suspendedUntil = Instant.MIN;

    void addSample(CallbackSource caller, Instant now) {
        samples.addLast(new Sample(now, caller.turns(), caller.pace()));
        if (samples.size() > MAX_SAMPLES) {
            samples.removeFirst();
        }
    }

    /// Returns the number of callbacks expected from `since` until now, at the pace of that time.
    double expectedTurns(Instant since, Instant now) {
        var pace = sampleAt(since).map(Sample::pace).orElse(Duration.ZERO).toMillis();
        return pace == 0 ? 0 : (double) Duration.between(since, now).toMillis() / pace;
    }

    long turnsSince(Instant since) {
        return samples.isEmpty()
                ? 0
                : samples.getLast().turns() - sampleAt(since).map(Sample::turns).orElse(0L);
    }

    private Optional<Sample> sampleAt(Instant instant) {
        var before = samples.reversed().stream()
                .filter(sample -> !sample.at().isAfter(instant))
                .findFirst();
        return before.or(() -> Optional.ofNullable(samples.peekFirst()));
    }

    Optional<Suspicion> suspicion() {
        return suspicion;
    }

    Suspicion startSuspicion(CallbackSource caller, Instant silentSince, List<Mailbox> mailboxes) {
        var started = new Suspicion(
                silentSince, caller, mailboxes.stream().map(Mailbox::id).toList(), new HashMap<>());
        suspicion = Optional.of(started);
        return started;
    }

    boolean mayBeSuspected(Instant now) {
        return !now.isBefore(suspendedUntil);
    }

    /// Suspends suspicions until `instant`.
    void suspendUntil(Instant instant) {
        suspendedUntil = instant;
    }

    int falseAlarms(Instant now) {
        if (lastFalseAlarmAt.plus(FALSE_ALARM_LIFETIME).isBefore(now)) {
            falseAlarms = 0;
        }
        return falseAlarms;
    }

    void endAsFalseAlarm(Instant now) {
        falseAlarms = Math.min(falseAlarms(now) + 1, MAX_FALSE_ALARMS);
        lastFalseAlarmAt = now;
        endSuspicion();
    }

    void endSuspicion() {
        suspicion = Optional.empty();
    }
}
