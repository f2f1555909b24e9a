package dev.tidemark.forwarder;

import dev.tidemark.forwarder.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.DeliveryResult.Status;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;

/// A desk without threads or network: requests lie still until the test answers them.
final class DeskRig {
    static final SinkName CRM = new SinkName("crm");
    static final DeliveryResult OK = new Status(204, Optional.empty());
    static final DeliveryResult DOWN = new NoAnswer("connection refused");
    static final DeliveryResult BROKEN = new Status(500, Optional.empty());

    final SettableClock clock = new SettableClock(TestEvents.NOW);
    final MemoryStore store;
    final SinkStats tally = new SinkStats();
    private final List<DeliveryBatch> underWay = new ArrayList<>();
    private final SinkController desk;
    private final ReplayRequestHandler replays;

    DeskRig() {
        this(new MemoryStore(), sink());
    }

    DeskRig(MemoryStore store, SinkConfig config) {
        this(store, config, () -> 0.5);
    }

    /// @param chance for the blur of retries
    DeskRig(MemoryStore store, SinkConfig config, DoubleSupplier chance) {
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

    static SinkConfig sink() {
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
    DeskRig step() {
        while (!desk.step().isAfter(clock.instant())) {
            // more was due
        }
        return this;
    }

    ReplayResult replay(ReplayRequest order) {
        var result = replays.order(order, desk.standing().read());
        desk.lookForEncores();
        step();
        return result;
    }

    DeskRig advance(Duration by) {
        clock.advance(by);
        return step();
    }

    SinkState state() {
        return desk.standing().state();
    }

    SinkController desk() {
        return desk;
    }

    /// Deliveries that wait for an answer, in the order they were sent.
    List<PendingDelivery> underWay() {
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

    PendingDelivery only() {
        if (underWay.size() != 1) {
            throw new AssertionError("Expected one delivery under way, but there are " + eventsUnderWay());
        }
        return underWay.getFirst().first();
    }

    DeskRig answer(JournalEvent event, DeliveryResult answer) {
        var shipment = underWay.stream()
                .filter(candidate -> candidate.deliveries().stream()
                        .anyMatch(delivery -> delivery.event().equals(event)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(event + " is not under way, only " + eventsUnderWay()));
        underWay.remove(shipment);
        desk.completed(shipment, answer);
        return step();
    }

    DeskRig answerOnly(DeliveryResult answer) {
        return answer(only().event(), answer);
    }

    /// Answers until nothing is under way; returns the events in the order they were sent.
    List<JournalEvent> answerAll(DeliveryResult answer) {
        var events = new ArrayList<JournalEvent>();
        while (!underWay.isEmpty()) {
            var shipment = underWay.getFirst();
            shipment.deliveries().forEach(delivery -> events.add(delivery.event()));
            answer(shipment.first().event(), answer);
        }
        return events;
    }
}
