package dev.tidemark.compensator;

import dev.tidemark.compensator.CompensatorCounters.FallbackCounters;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;

/// Coordinates the mailboxes whose push does not work: starts their transport, and schedules the repair when
/// push is restored. [Compensator] calls it on the fallback thread and on others. Thread-safe.
final class FallbackCoordinator {
    /// Interval between rechecks of a connection. Mailboxes recover in groups, so one recheck serves all that
    /// recover within it.
    private static final Duration RECHECK_INTERVAL = Duration.ofSeconds(10);

    private final WatermarkStore store;
    private final MailboxSubscriber subscriber;
    private final PushRecoveryTracker pushRecoveries;
    private final CompensationDispatcher dispatcher;
    private final FallbackTransport transport;
    private final Clock clock;

    /// Creates the coordinator and its transport.
    ///
    /// @param pushRecoveries recoveries that [CompensationPlanner] reads to plan probes
    FallbackCoordinator(
            FallbackConfig config,
            MailboxSubscriber subscriber,
            WatermarkStore store,
            PushRecoveryTracker pushRecoveries,
            CompensationDispatcher dispatcher,
            Collaborators collaborators) {
        this.store = store;
        this.subscriber = subscriber;
        this.pushRecoveries = pushRecoveries;
        this.dispatcher = dispatcher;
        this.clock = collaborators.clock();
        this.transport = createTransport(config, collaborators);
    }

    /// Threads of the polls, and the clock.
    record Collaborators(Executor executor, Clock clock) {}

    private FallbackTransport createTransport(FallbackConfig config, Collaborators collaborators) {
        return switch (config.transport()) {
            case NONE -> FallbackTransport.NONE;
            case STREAMING -> new StreamingTransport(subscriber.streams(config.streaming(), this::onPushRestored));
            case POLL -> {
                var dependencies = new PollingTransport.Dependencies(
                        store.mailboxes(),
                        subscriber::plan,
                        subscriber::limits,
                        subscriber::poll,
                        this::onPushRestored);
                yield new PollingTransport(
                        dependencies, config.delay(), collaborators.executor(), collaborators.clock());
            }
        };
    }

    /// Starts the transport for the mailbox if its push does not work. Called by many threads.
    void enqueueCheck(MailboxId mailbox) {
        transport.enqueueCheck(mailbox);
    }

    Optional<Instant> tick(Runnable wake) {
        return transport.tick(wake);
    }

    void close() {
        transport.close();
    }

    FallbackCounters counters() {
        return transport.counters();
    }

    /// Handles a mailbox whose push is restored: it now has a pending resync. Callbacks may then reach the
    /// listener for the connection's other mailboxes, too, so those are checked.
    private void onPushRestored(String connection, MailboxId mailbox) {
        dispatcher.checkNow(mailbox);
        var now = clock.instant();
        if (pushRecoveries
                .lastRecovery(connection)
                .filter(now.minus(RECHECK_INTERVAL)::isBefore)
                .isPresent()) {
            return;
        }
        pushRecoveries.record(connection, now);
        store.mailboxes().all().stream()
                .filter(each -> each.degraded().isPresent() && isOnConnection(each, connection))
                .map(Mailbox::id)
                .forEach(dispatcher::enqueueCheck);
    }

    private boolean isOnConnection(Mailbox mailbox, String connection) {
        return subscriber
                .plan(mailbox.membership().group())
                .map(GroupSubscriptionConfig::connection)
                .filter(connection::equals)
                .isPresent();
    }
}
