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
    private static final Duration CROWD = Duration.ofSeconds(10);

    private final WatermarkStore store;
    private final MailboxSubscriber subscriber;
    private final PushRecoveryTracker hopes;
    private final CompensationDispatcher sweep;
    private final FallbackTransport watch;
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
        this.hopes = hopes;
        this.sweep = sweep;
        this.clock = help.clock();
        this.watch = watch(config, help);
    }

    /// The threads that polls run on, and the time.
    record Collaborators(Executor executor, Clock clock) {}

    private FallbackTransport watch(FallbackConfig config, Collaborators help) {
        return switch (config.transport()) {
            case NONE -> FallbackTransport.NONE;
            case STREAMING -> new StreamingTransport(subscriber.streams(config.streaming(), this::restored));
            case POLL -> {
                var surroundings = new PollingTransport.Dependencies(
                        store.mailboxes(), subscriber::plan, subscriber::limits, subscriber::poll, this::restored);
                yield new PollingTransport(surroundings, config.delay(), help.executor(), help.clock());
            }
        };
    }

    /// Takes the mailbox on if its push does not work. Called by many threads.
    void look(MailboxId mailbox) {
        watch.look(mailbox);
    }

    Optional<Instant> tick(Runnable wake) {
        return watch.tick(wake);
    }

    void close() {
        watch.close();
    }

    FallbackCounters counters() {
        return watch.counters();
    }

    /// A resync is owed for the mailbox now; and what reaches the listener for one mailbox may for others.
    private void restored(String connection, MailboxId mailbox) {
        sweep.raise(mailbox);
        var now = clock.instant();
        if (hopes.of(connection).filter(now.minus(CROWD)::isBefore).isPresent()) {
            return;
        }
        hopes.raise(connection, now);
        store.mailboxes().all().stream()
                .filter(each -> each.degraded().isPresent() && isOf(each, connection))
                .map(Mailbox::id)
                .forEach(sweep::look);
    }

    private boolean isOf(Mailbox mailbox, String connection) {
        return subscriber
                .plan(mailbox.membership().group())
                .map(GroupSubscriptionConfig::connection)
                .filter(connection::equals)
                .isPresent();
    }
}
