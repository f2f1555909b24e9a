package dev.tidemark.forwarder;

import dev.tidemark.forwarder.backlog.DetailWaitPolicy;
import dev.tidemark.forwarder.backlog.EventRateLimiter;
import dev.tidemark.forwarder.backlog.SinkBacklog;
import dev.tidemark.forwarder.backlog.SinkCounters;
import dev.tidemark.forwarder.backlog.SinkEventFilter;
import dev.tidemark.forwarder.backlog.SinkStats;
import dev.tidemark.forwarder.backlog.SinkWriteBuffer;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.target.EgressPolicy;
import dev.tidemark.forwarder.target.SinkTargetContext;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.JournalEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/// One configured sink at work: its courier, its desk and the threads between them. Safe for use by many
/// threads.
final class Sink {
    /// Lanes in trouble that are looked into for the oldest event; more would make a status page slow.
    private static final int LANES_SHOWN = 100;

    private final SinkConfig config;
    private final WatermarkStore store;
    private final ReplayRequestHandler replays;
    private final EventSender courier;
    private final SinkStats tally;
    private final SinkWorker worker;

    private Sink(ReplayRequestHandler replays, EventSender courier, SinkStats tally, SinkWorker worker) {
        this.config = replays.config();
        this.store = replays.store();
        this.replays = replays;
        this.courier = courier;
        this.tally = tally;
        this.worker = worker;
    }

    /// What sinks share.
    ///
    /// @param chance at least 0 and less than 1, for the blur of retries
    record Shared(
            ForwarderConfig config,
            WatermarkStore store,
            EgressPolicy egress,
            ForwarderClocks times,
            DoubleSupplier chance) {}

    static Sink open(SinkConfig config, Shared shared) {
        var store = shared.store();
        var clock = shared.times().planned();
        var tally = new SinkStats();
        var ledger = new SinkWriteBuffer(config.name(), store, clock.instant());
        var rules = new SinkHealthPolicy(
                config.name(), config.concurrency(), config.retry().disableAfter());
        var condition =
                new SinkHealthTracker(rules, new EventRateLimiter(config.pace().rateLimit()), ledger, clock.instant());
        var routing = SinkEventFilter.of(
                config,
                shared.config().routes(),
                id -> store.mailboxes()
                        .find(id)
                        .map(mailbox -> mailbox.membership().group()));
        var details = new DetailWaitPolicy(store.details(), clock.instant());
        var supply = new SinkController.Sources(
                new SinkBacklog(config, routing, details, ledger, tally),
                new ReplayBacklog(config, routing, ledger, store.replays(), tally));
        var failures = new EventFailurePolicy(
                config.name(), new RetrySchedule(config.retry().schedule()), shared.chance());
        // one at a time more than deliveries need, for trial events
        var context = new SinkTargetContext(
                config.name(),
                shared.egress(),
                shared.times().told(),
                config.concurrency() + 1,
                config.pace().batched());
        var target = config.target().open(context);
        var events = new CloudEventRenderer(store.instance().name());
        var courier = new EventSender(config.name(), events, store.details(), target, clock);
        var worker = new SinkWorker(config, clock, returned -> {
            var requests = new ThreadPoolBatchSender(config.name(), courier, tally, config.concurrency(), returned);
            return new SinkWorker.Work(
                    new SinkController(supply, condition, ledger, failures, requests, clock), requests);
        });
        return new Sink(new ReplayRequestHandler(config, routing, store, clock), courier, tally, worker);
    }

    void start() {
        worker.start();
    }

    SinkConfig config() {
        return config;
    }

    SinkView view() {
        var standing = worker.standing();
        var unread = Math.max(0, store.journal().end().value() - standing.read().value());
        var deferred = store.deliveries().deferredCount(config.name());
        return new SinkView(
                config.name(),
                config.target().type(),
                standing.state().label(),
                unread + standing.waiting() + deferred,
                oldest(standing),
                standing.lastError(),
                standing.state().remedy(config.name()));
    }

    /// Of the window, the rows and what was not read yet.
    private Optional<Instant> oldest(SinkController.Snapshot standing) {
        var inWindow = standing.oldest();
        var unread = inWindow.isPresent()
                ? Optional.<Instant>empty()
                : store.journal().read(standing.read(), 1).stream().findFirst().map(JournalEvent::recordedAt);
        var deliveries = store.deliveries();
        var inRows = deliveries.deferredLanes(config.name()).stream()
                .limit(LANES_SHOWN)
                .flatMap(lane -> deliveries.deferred(config.name(), lane.lane(), 1).stream())
                .flatMap(row -> store.journal().at(row.position()).stream())
                .map(JournalEvent::recordedAt);
        return Stream.concat(Stream.of(inWindow, unread).flatMap(Optional::stream), inRows)
                .filter(Objects::nonNull)
                .min(Instant::compareTo);
    }

    SinkCounters counters() {
        return tally.snapshot();
    }

    /// Counts events, and has them sent once more unless it is a dry run.
    ReplayResult replay(ReplayRequest order) {
        var result = replays.handle(order, worker.standing().read());
        if (result.id().isPresent()) {
            worker.encore();
        }
        return result;
    }

    /// Something was recalled in the store.
    void reloadReplays() {
        worker.encore();
    }

    void enable() {
        worker.enable();
    }

    void disable() {
        worker.disable();
    }

    SinkTestResult test() {
        var answer = courier.ping();
        return new SinkTestResult(FailureKind.of(answer) == FailureKind.NONE, answer.text());
    }

    void wake() {
        worker.wake();
    }

    void beginStop() {
        worker.beginStop();
    }

    void close(Duration limit) throws InterruptedException {
        worker.awaitStop(limit);
        courier.close();
    }
}
