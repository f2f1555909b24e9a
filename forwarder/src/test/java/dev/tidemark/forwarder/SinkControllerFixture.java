package dev.tidemark.forwarder;

import dev.tidemark.forwarder.backlog.EventRateLimiter;
import dev.tidemark.forwarder.backlog.PendingDelivery;
import dev.tidemark.forwarder.backlog.SinkBacklog;
import dev.tidemark.forwarder.backlog.SinkEventFilter;
import dev.tidemark.forwarder.backlog.SinkStats;
import dev.tidemark.forwarder.backlog.SinkWriteBuffer;
import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.target.DeliveryResult;
import dev.tidemark.forwarder.target.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.target.DeliveryResult.Status;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;

/// A desk without threads or network: requests lie still until the test answers them.
public final class SinkControllerFixture {
    public static final SinkName CRM = new SinkName("crm");
    public static final DeliveryResult OK = new Status(204, Optional.empty());
    public static final DeliveryResult DOWN = new NoAnswer("connection refused");
    public static final DeliveryResult BROKEN = new Status(500, Optional.empty());

    final SettableClock clock = new SettableClock();
    final MemoryStore store;
    public final SinkStats tally = new SinkStats();
    private final List<DeliveryBatch> underWay = new ArrayList<>();
    private final SinkController desk;
    private final ReplayRequestHandler replays;

    SinkControllerFixture() {
        this(new MemoryStore(), sink());
    }

    public SinkControllerFixture(MemoryStore store, SinkConfig config) {
        this(store, config, () -> 0.5);
    }

    /// @param chance for the blur of retries
    SinkControllerFixture(MemoryStore store, SinkConfig config, DoubleSupplier chance) {
        this.store = store;
        var ledger = new SinkWriteBuffer(CRM, store, clock.instant());
        var rules =
                new SinkHealthPolicy(CRM, config.concurrency(), config.retry().disableAfter());
        var condition =
                new SinkHealthTracker(rules, new EventRateLimiter(config.pace().rateLimit()), ledger, clock.instant());
        var routing = SinkEventFilter.of(config, Map.of("inboxes", Set.of(CRM)), id -> Optional.empty());
        var failures =
                new EventFailurePolicy(CRM, new RetrySchedule(config.retry().schedule()), chance);
        var supply = new SinkController.Sources(
                new SinkBacklog(config, routing, ledger, tally),
                new ReplayBacklog(config, routing, ledger, store, tally));
        this.replays = new ReplayRequestHandler(config, routing, store, clock);
        this.desk = new SinkController(supply, condition, ledger, failures, underWay::add, clock);
    }

    public static SinkConfig sink() {
        var webhook = WebhookConfig.of(URI.create("http://localhost/"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        return SinkConfig.of(CRM, webhook);
    }

    static SinkConfig sink(DeliveryOrdering ordering, int concurrency, RetryConfig retry) {
        return new SinkConfig(
                CRM, sink().target(), ordering, ThroughputConfig.concurrency(concurrency), retry, List.of());
    }

    static Status status(int code, String retryAfter) {
        return new Status(code, Optional.of(retryAfter));
    }

    /// Steps until nothing is due at this moment.
    public SinkControllerFixture step() {
        while (!desk.step().isAfter(clock.instant())) {
            // more was due
        }
        return this;
    }

    ReplayResult replay(ReplayRequest order) {
        var result = replays.handle(order, desk.snapshot().read());
        desk.reloadReplays();
        step();
        return result;
    }

    public SinkControllerFixture advance(Duration by) {
        clock.advance(by);
        return step();
    }

    public SinkState state() {
        return desk.snapshot().state();
    }

    public SinkController desk() {
        return desk;
    }

    /// Deliveries that wait for an answer, in the order they were sent.
    public List<PendingDelivery> underWay() {
        return underWay.stream()
                .flatMap(shipment -> shipment.deliveries().stream())
                .toList();
    }

    /// Requests that wait for an answer, in the order they were sent.
    List<DeliveryBatch> requests() {
        return List.copyOf(underWay);
    }

    List<JournalEvent> eventsUnderWay() {
        return underWay().stream().map(PendingDelivery::event).toList();
    }

    public PendingDelivery only() {
        if (underWay.size() != 1) {
            throw new AssertionError("Expected one delivery under way, but there are " + eventsUnderWay());
        }
        return underWay.getFirst().first();
    }

    public SinkControllerFixture answer(JournalEvent event, DeliveryResult answer) {
        var shipment = underWay.stream()
                .filter(candidate -> candidate.deliveries().stream()
                        .anyMatch(delivery -> delivery.event().equals(event)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(event + " is not under way, only " + eventsUnderWay()));
        underWay.remove(shipment);
        desk.onResult(shipment, answer);
        return step();
    }

    SinkControllerFixture answerOnly(DeliveryResult answer) {
        return answer(only().event(), answer);
    }

    /// Answers until nothing is under way; returns the events in the order they were sent.
    public List<JournalEvent> answerAll(DeliveryResult answer) {
        var events = new ArrayList<JournalEvent>();
        while (!underWay.isEmpty()) {
            var shipment = underWay.getFirst();
            shipment.deliveries().forEach(delivery -> events.add(delivery.event()));
            answer(shipment.first().event(), answer);
        }
        return events;
    }
}
