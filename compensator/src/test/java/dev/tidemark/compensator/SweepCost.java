package dev.tidemark.compensator;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Measures what a sweep costs in which ten mailboxes are due, beside how many mailboxes there are. Not a
/// test: it is run by hand, with numbers of mailboxes as arguments.
final class SweepCost {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    private static final int DUE = 10;
    private static final int ROUNDS = 2_000;

    private SweepCost() {}

    public static void main(String[] arguments) {
        for (var round = 0; round < 3; round++) {
            for (var argument : arguments) {
                measure(Integer.parseInt(argument));
            }
        }
    }

    private static void measure(int mailboxes) {
        var clock = new SettableClock(START);
        var registry = new ManyMailboxes(mailboxes, clock);
        var config = CompensatorTest.config(Duration.ofSeconds(10), 1_000);
        var hearsay = new CompensationPlanner.SilenceSources(
                new StoreOutageTracker(), new CohortSilenceRegistry(), new PushRecoveryTracker());
        var examiner =
                new CompensationPlanner(registry, ignored -> Optional.of(ManyMailboxes.PLAN), config, hearsay, clock);
        var help = new CompensationDispatcher.Collaborators(Runnable::run, () -> 0.0, ignored -> Optional.empty());
        var sweep = new CompensationDispatcher(
                examiner,
                finding -> new SubscriptionOutcome.Subscribed(),
                help,
                new OperatorRequests(clock),
                config,
                clock);
        registry.all().forEach(mailbox -> sweep.raise(mailbox.id()));
        sweep.tick(() -> {});
        var took = new long[ROUNDS];
        for (var i = 0; i < ROUNDS; i++) {
            List<MailboxId> due = new ArrayList<>();
            for (var j = 0; j < DUE; j++) {
                due.add(registry.owe((i * DUE + j) % mailboxes));
            }
            clock.advance(Duration.ofMillis(100));
            var before = System.nanoTime();
            registry.owing().forEach(sweep::look);
            sweep.tick(() -> {});
            took[i] = System.nanoTime() - before;
            due.forEach(registry::settle);
            sweep.tick(() -> {});
        }
        Arrays.sort(took);
        System.out.printf(
                "%,7d mailboxes, %d due: a sweep takes %.1f us (median), %.1f us (99 %%)%n",
                mailboxes, DUE, took[ROUNDS / 2] / 1e3, took[ROUNDS * 99 / 100] / 1e3);
    }
}
