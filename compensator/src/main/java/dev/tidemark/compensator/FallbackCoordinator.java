package dev.tidemark.compensator;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.resync.GroupSubscriptionConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;

/// Everything about mailboxes whose push does not work: who looks after them, and what follows when push is
/// back.
final class FallbackCoordinator {
    /// Mailboxes come back in crowds; one look at the others serves for all that came within this time.
    private static final Duration RECHECK_INTERVAL = Duration.ofSeconds(10);

    private final WatermarkStore store;
    private final MailboxSubscriber subscriber;
    private final PushRecoveryTracker pushRecoveries;
    private final CompensationDispatcher dispatcher;
    private final FallbackTransport transport;
    private final Clock clock;

    /// @param hopes read by whoever plans the tries
    FallbackCoordinator(
            FallbackConfig config,
            MailboxSubscriber subscriber,
            WatermarkStore store,
            PushRecoveryTracker hopes,
            CompensationDispatcher sweep,
            Collaborators help) {
        this.store = store;
        this.subscriber = subscriber;
        this.pushRecoveries = hopes;
        this.dispatcher = sweep;
        this.clock = help.clock();
        this.transport = createTransport(config, help);
    }

    /// The threads that polls run on, and the time.
    record Collaborators(Executor executor, Clock clock) {}

    private FallbackTransport createTransport(FallbackConfig config, Collaborators help) {
        return switch (config.transport()) {
            case NONE -> FallbackTransport.NONE;
            case STREAMING -> new StreamingTransport(subscriber.streams(config.streaming(), this::onPushRestored));
            case POLL -> {
                var surroundings = new PollingTransport.Dependencies(
                        store.mailboxes(), subscriber::plan, subscriber::limits, subscriber::poll, this::onPushRestored);
                yield new PollingTransport(surroundings, config.delay(), help.executor(), help.clock());
            }
        };
    }

    /// Takes the mailbox on if its push does not work. Called by many threads.
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

    /// A resync is owed for the mailbox now; and what reaches the listener for one mailbox may for others.
    private void onPushRestored(String connection, MailboxId mailbox) {
        dispatcher.checkNow(mailbox);
        var now = clock.instant();
        if (pushRecoveries.lastRecovery(connection).filter(now.minus(RECHECK_INTERVAL)::isBefore).isPresent()) {
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
