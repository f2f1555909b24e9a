package dev.tidemark.compensator;

import dev.tidemark.compensator.CompensationExecutor.RepairOrigin;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Dispatcher with a registry in memory. The test scripts the responses of Exchange and moves the clock. Not
/// thread-safe.
abstract class DispatcherTestBed {
    static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    static final int FIRST_LIMIT = 64;
    static final Duration LIMIT = Duration.ofSeconds(2 * 600 + 90);
    static final GroupSubscriptionConfig PLAN = planOn("onprem");
    static final CompensatorConfig CONFIG = CompensatorTestBed.config(Duration.ofSeconds(10), 2);

    final SettableClock clock = new SettableClock(START);
    final StoreOutageTracker outages = new StoreOutageTracker();
    final CohortSilenceRegistry silenceRegistry = new CohortSilenceRegistry();
    final FakeRegistry mailboxes = new FakeRegistry();
    final List<Runnable> running = new ArrayList<>();
    final List<String> repaired = new ArrayList<>();
    final List<RepairOrigin> origins = new ArrayList<>();
    Function<Mailbox, SubscriptionOutcome> exchange = this::subscribed;
    int wakes;
    /// back-off of the connection `onprem`
    Optional<Instant> backoff = Optional.empty();
    GroupSubscriptionConfig plan = PLAN;
    final CompensationDispatcher.Collaborators collaborators = new CompensationDispatcher.Collaborators(
            running::add,
            () -> 0.0,
            connection -> connection.equals("onprem") ? backoff : Optional.empty(),
            connection -> connection.equals("onprem") ? FIRST_LIMIT : 1);
    final OperatorRequests requests = new OperatorRequests(clock);
    final CompensationDispatcher dispatcher = new CompensationDispatcher(
            new CompensationPlanner(
                    mailboxes,
                    ignored -> Optional.of(plan),
                    CONFIG,
                    new CompensationPlanner.SilenceSources(outages, silenceRegistry, new PushRecoveryTracker()),
                    clock),
            this::execute,
            collaborators,
            requests,
            CONFIG,
            clock);

    static GroupSubscriptionConfig planOn(String connection) {
        return CompensatorTestBed.plan(connection, Duration.ofMinutes(10));
    }

    static CompensatedMailboxes.Builder active(int number, Instant lastCallback) {
        return CompensatedMailboxes.active(number, lastCallback).fingerprint(PLAN.fingerprint());
    }

    void checkNow(CompensatedMailboxes.Builder... builders) {
        for (var builder : builders) {
            dispatcher.checkNow(mailboxes.put(builder).id());
        }
    }

    /// Runs one tick, and ends all repairs that it started.
    Optional<Instant> tick() {
        var next = tickOnly();
        List.copyOf(running).forEach(Runnable::run);
        running.clear();
        return next;
    }

    Optional<Instant> tickOnly() {
        return dispatcher.tick(() -> wakes++);
    }

    SubscriptionOutcome execute(CompensationPlanner.PlannedAction need, RepairOrigin origin) {
        origins.add(origin);
        var reason = switch (need.action()) {
            case CompensationAction.Resubscribe action -> action.reason().name();
            case CompensationAction.ResubscribeAndResync action -> action.reason() + " new";
            case CompensationAction.ResumeResync ignored -> "resume";
            case CompensationAction.WaitUntil ignored -> "nothing";
            case CompensationAction.Blocked ignored -> "nothing";
        };
        repaired.add(need.mailbox().address().value().replace("@example.com", "") + " " + reason);
        return exchange.apply(need.mailbox());
    }

    SubscriptionOutcome subscribed(Mailbox mailbox) {
        var number = Integer.parseInt(mailbox.address().value().replaceAll("\\D", ""));
        mailboxes.put(active(number, clock.instant()));
        return new SubscriptionOutcome.Subscribed();
    }
}
