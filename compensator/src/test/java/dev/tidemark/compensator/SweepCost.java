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

/// Measures the cost of a sweep with ten due mailboxes, by the number of mailboxes. Run by hand, with numbers
/// of mailboxes as arguments; not a test.
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
        var config = CompensatorTestBed.config(Duration.ofSeconds(10), 1_000);
        var silenceSources = new CompensationPlanner.SilenceSources(
                new StoreOutageTracker(), new CohortSilenceRegistry(), new PushRecoveryTracker());
        var planner = new CompensationPlanner(
                registry, ignored -> Optional.of(ManyMailboxes.PLAN), config, silenceSources, clock);
        var collaborators = new CompensationDispatcher.Collaborators(
                Runnable::run, () -> 0.0, ignored -> Optional.empty(), ignored -> mailboxes);
        var dispatcher = new CompensationDispatcher(
                planner,
                (need, origin) -> new SubscriptionOutcome.Subscribed(),
                collaborators,
                new OperatorRequests(clock),
                config,
                clock);
        registry.all().forEach(mailbox -> dispatcher.checkNow(mailbox.id()));
        dispatcher.tick(() -> {});
        var took = new long[ROUNDS];
        for (var i = 0; i < ROUNDS; i++) {
            List<MailboxId> due = new ArrayList<>();
            for (var j = 0; j < DUE; j++) {
                due.add(registry.addPending((i * DUE + j) % mailboxes));
            }
            clock.advance(Duration.ofMillis(100));
            var before = System.nanoTime();
            registry.withPendingWork().forEach(dispatcher::enqueueCheck);
            dispatcher.tick(() -> {});
            took[i] = System.nanoTime() - before;
            due.forEach(registry::settle);
            dispatcher.tick(() -> {});
        }
        Arrays.sort(took);
        System.out.printf(
                "%,7d mailboxes, %d due: a sweep takes %.1f us (median), %.1f us (99 %%)%n",
                mailboxes, DUE, took[ROUNDS / 2] / 1e3, took[ROUNDS * 99 / 100] / 1e3);
    }
}
