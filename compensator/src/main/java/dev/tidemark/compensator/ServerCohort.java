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

/// What is remembered of the mailboxes that one server calls for. Used by one thread.
final class ServerCohort {
    /// Two hours of looks, so that it is known how things were before a silence.
    private static final int REMEMBERED = 720;

    private static final int MOST_BELIEVED = 5;
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(24);

    private record Sample(Instant at, long turns, Duration pace) {}

    /// A silence that is looked into: which mailboxes it concerns, and when which of them was tried.
    record Suspicion(
            Instant silentSince, CallbackSource caller, List<MailboxId> mailboxes, Map<MailboxId, Instant> trials) {}

    private final Deque<Sample> samples = new ArrayDeque<>();
    private Optional<Suspicion> suspicion = Optional.empty();
    private int believed;
    private Instant believedAt = Instant.EPOCH;
    private Instant notBefore = Instant.MIN;

    void sample(CallbackSource caller, Instant now) {
        samples.addLast(new Sample(now, caller.turns(), caller.pace()));
        if (samples.size() > REMEMBERED) {
            samples.removeFirst();
        }
    }

    /// How many turns were to be expected from `since` until now, at the pace of that time.
    double expected(Instant since, Instant now) {
        var pace = at(since).map(Sample::pace).orElse(Duration.ZERO).toMillis();
        return pace == 0 ? 0 : (double) Duration.between(since, now).toMillis() / pace;
    }

    long turnsSince(Instant since) {
        return samples.isEmpty()
                ? 0
                : samples.getLast().turns() - at(since).map(Sample::turns).orElse(0L);
    }

    private Optional<Sample> at(Instant moment) {
        var before = samples.reversed().stream()
                .filter(sample -> !sample.at().isAfter(moment))
                .findFirst();
        return before.or(() -> Optional.ofNullable(samples.peekFirst()));
    }

    Optional<Suspicion> suspicion() {
        return suspicion;
    }

    Suspicion suspect(CallbackSource caller, Instant silentSince, List<Mailbox> mailboxes) {
        var fresh = new Suspicion(
                silentSince, caller, mailboxes.stream().map(Mailbox::id).toList(), new HashMap<>());
        suspicion = Optional.of(fresh);
        return fresh;
    }

    boolean mayBeSuspected(Instant now) {
        return !now.isBefore(notBefore);
    }

    /// Not worth another look before `moment`.
    void leaveUntil(Instant moment) {
        notBefore = moment;
    }

    int believed(Instant now) {
        if (believedAt.plus(FORGOTTEN_AFTER).isBefore(now)) {
            believed = 0;
        }
        return believed;
    }

    void acquit(Instant now) {
        believed = Math.min(believed(now) + 1, MOST_BELIEVED);
        believedAt = now;
        close();
    }

    void close() {
        suspicion = Optional.empty();
    }
}
