package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.forwarder.operator.ReplayResult;
import dev.tidemark.forwarder.operator.SinkCounters;
import dev.tidemark.forwarder.operator.SinkTestResult;
import dev.tidemark.forwarder.operator.SinkView;
import dev.tidemark.forwarder.routing.GroupRouting;
import dev.tidemark.forwarder.routing.SinkEventFilter;
import dev.tidemark.forwarder.targets.EgressPolicy;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.forwarder.targets.SinkTargetContext;
import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

/// One running sink: connects its worker, its sender and its view for the admin API. [EventForwarder] owns it.
/// Thread-safe.
final class Sink {
    /// Limit of deferred lanes that are searched for the oldest event; more would slow down the status page.
    private static final int LANES_SHOWN = 100;

    private final SinkConfig config;
    private final WatermarkStore store;
    private final ReplayRequestHandler replays;
    private final EventSender sender;
    private final SinkStats stats;
    private final SinkWorker worker;

    private Sink(ReplayRequestHandler replays, EventSender sender, SinkStats stats, SinkWorker worker) {
        this.config = replays.config();
        this.store = replays.store();
        this.replays = replays;
        this.sender = sender;
        this.stats = stats;
        this.worker = worker;
    }

    /// Dependencies that all sinks share.
    ///
    /// @param random random number of at least 0 and less than 1, for the jitter of retries
    record Shared(WatermarkStore store, GroupRouting routing, ForwarderClocks times, DoubleSupplier random) {}

    /// Opens the target of a sink; this needs neither the store nor a thread.
    static SinkTarget openTarget(SinkConfig config, EgressPolicy egress, ForwarderClocks times) {
        // one connection more than deliveries use, for test events
        return config.target()
                .open(new SinkTargetContext(
                        config.name(),
                        egress,
                        times.requests(),
                        config.concurrency() + 1,
                        config.pace().batched()));
    }

    /// Opens the sink at its saved position.
    ///
    /// @param target open target, which the sink closes
    /// @throws StoreException if the store cannot be read
    static Sink open(SinkConfig config, Shared shared, SinkTarget target, SinkStats stats) {
        var store = shared.store();
        var clock = shared.times().schedule();
        var buffer = new SinkWriteBuffer(config.name(), store, clock.instant());
        var policy = new SinkHealthPolicy(
                config.name(), config.concurrency(), config.retry().disableAfter());
        var health = new SinkHealthTracker(policy, config.pace().rateLimit(), buffer, clock.instant());
        Function<MailboxId, Optional<String>> groupNow = id ->
                store.mailboxes().find(id).map(mailbox -> mailbox.membership().group());
        var filter = SinkEventFilter.of(config, shared.routing()::routesOf, groupNow);
        // an operator replays to the sinks of today
        var replayFilter = SinkEventFilter.of(config, event -> shared.routing().latest(), groupNow);
        var details = new DetailWaitPolicy(store.details(), clock.instant());
        var sources = new SinkController.Sources(
                new SinkBacklog(config, filter, details, buffer, stats),
                new ReplayBacklog(config, replayFilter, buffer, store.replays(), stats));
        var failures = new EventFailurePolicy(
                config.name(), new RetrySchedule(config.retry().schedule()), shared.random());
        var events = new CloudEventRenderer(store.instance().name());
        var sender = new EventSender(config.name(), events, store.details(), target, clock);
        var requests = new ThreadPoolBatchSender(config.name(), sender, stats, config.concurrency(), clock);
        var worker = new SinkWorker(
                config.name(),
                clock,
                requests,
                send -> new SinkController(sources, health, buffer, failures, send, clock));
        return new Sink(new ReplayRequestHandler(config, replayFilter, store, clock), sender, stats, worker);
    }

    void start() {
        worker.start();
    }

    SinkConfig config() {
        return config;
    }

    SinkView view() {
        var snapshot = worker.snapshot();
        var unread = Math.max(0, store.journal().end().value() - snapshot.read().value());
        var deferred = store.deliveries().deferredCount(config.name());
        return new SinkView(
                config.name(),
                config.target().type(),
                snapshot.state().label(),
                unread + snapshot.waiting() + deferred,
                oldest(snapshot),
                snapshot.lastError(),
                sender.lastRefusal(),
                snapshot.state().remedy(config.name()));
    }

    /// Returns the time of the oldest event in the window, in the rows and in the unread journal.
    private Optional<Instant> oldest(SinkController.Snapshot snapshot) {
        var inWindow = snapshot.oldest();
        var unread = inWindow.isPresent()
                ? Optional.<Instant>empty()
                : store.journal().read(snapshot.read(), 1).stream().findFirst().map(JournalEvent::recordedAt);
        var deliveries = store.deliveries();
        var inRows = deliveries.deferredLanes(config.name()).stream()
                .limit(LANES_SHOWN)
                .flatMap(lane -> deliveries.deferred(config.name(), lane.lane(), 1).stream())
                .flatMap(row -> store.journal().find(row.position()).stream())
                .map(JournalEvent::recordedAt);
        return Stream.concat(Stream.of(inWindow, unread).flatMap(Optional::stream), inRows)
                .filter(Objects::nonNull)
                .min(Instant::compareTo);
    }

    /// Returns the position after which the sink reads the journal again when it is replaced.
    JournalPosition saved() {
        return worker.snapshot().saved();
    }

    /// Returns true if events up to `end` are unread or wait in the window.
    boolean isBehind(JournalPosition end) {
        var snapshot = worker.snapshot();
        return snapshot.waiting() > 0 || snapshot.read().compareTo(end) < 0;
    }

    SinkCounters counters() {
        return stats.snapshot();
    }

    /// Counts events and replays them unless it is a dry run.
    ReplayResult replay(ReplayRequest request) {
        var result = replays.handle(request, worker.snapshot().read());
        if (result.id().isPresent()) {
            worker.reloadReplays();
        }
        return result;
    }

    /// Makes the sink read its replays from the store again.
    void reloadReplays() {
        worker.reloadReplays();
    }

    void enable() {
        worker.enable();
    }

    void disable() {
        worker.disable();
    }

    SinkTestResult test() {
        return test(sender);
    }

    /// Sends a test event to a sink that does not run.
    static SinkTestResult testOnce(SinkConfig config, EgressPolicy egress, String instance, Clock clock) {
        var context = new SinkTargetContext(
                config.name(), egress, clock, 1, config.pace().batched());
        var target = config.target().open(context);
        var events = new CloudEventRenderer(instance);
        try (var sender = new EventSender(config.name(), events, ItemDetailStore.NONE, target, clock)) {
            return test(sender);
        }
    }

    private static SinkTestResult test(EventSender sender) {
        var result = sender.ping();
        return SinkTestResult.of(FailureKind.of(result) == FailureKind.NONE, result);
    }

    void wake() {
        worker.wake();
    }

    void beginStop() {
        worker.beginStop();
    }

    void close(Duration limit) throws InterruptedException {
        worker.awaitStop(limit);
        sender.close();
    }
}
