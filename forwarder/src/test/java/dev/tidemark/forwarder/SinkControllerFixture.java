package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.forwarder.operator.ReplayResult;
import dev.tidemark.forwarder.routing.SinkEventFilter;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.targets.DeliveryResult.Status;
import dev.tidemark.forwarder.webhook.WebhookConfig;
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

/// Sink controller without threads and network: a request stays in flight until the test responds to it.
public final class SinkControllerFixture {
    public static final SinkName CRM = new SinkName("crm");
    public static final DeliveryResult OK = new Status(204, Optional.empty());
    public static final DeliveryResult DOWN = new NoAnswer("connection refused");
    public static final DeliveryResult BROKEN = new Status(500, Optional.empty());

    final SettableClock clock = new SettableClock(TestEvents.NOW);
    final MemoryStore store;
    public final SinkStats stats = new SinkStats();
    private final List<DeliveryBatch> inFlight = new ArrayList<>();
    private final SinkController controller;
    private final ReplayRequestHandler replays;

    SinkControllerFixture() {
        this(new MemoryStore(), sink());
    }

    public SinkControllerFixture(MemoryStore store, SinkConfig config) {
        this(store, config, () -> 0.5);
    }

    /// @param random random number for the jitter of retries
    SinkControllerFixture(MemoryStore store, SinkConfig config, DoubleSupplier random) {
        this.store = store;
        var buffer = new SinkWriteBuffer(CRM, store, clock.instant());
        var policy =
                new SinkHealthPolicy(CRM, config.concurrency(), config.retry().disableAfter());
        var health = new SinkHealthTracker(policy, config.pace().rateLimit(), buffer, clock.instant());
        var filter = SinkEventFilter.of(config, any -> Map.of("inboxes", Set.of(CRM)), id -> Optional.empty());
        var failures =
                new EventFailurePolicy(CRM, new RetrySchedule(config.retry().schedule()), random);
        var sources = new SinkController.Sources(
                new SinkBacklog(config, filter, buffer, stats),
                new ReplayBacklog(config, filter, buffer, store, stats));
        this.replays = new ReplayRequestHandler(config, filter, store, clock);
        this.controller = new SinkController(sources, health, buffer, failures, inFlight::add, clock);
    }

    public static SinkConfig sink() {
        var webhook = WebhookConfig.of(URI.create("http://localhost/"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        return SinkConfig.of(CRM, webhook);
    }

    static SinkConfig sink(DeliveryOrdering ordering, int concurrency, RetryConfig retry) {
        return new SinkConfig(
                CRM, sink().target(), ordering, ThroughputConfig.concurrency(concurrency), retry, List.of());
    }

    /// Returns a refusal whose body names its number.
    static Status refusal(int number) {
        return new Status(422, Optional.empty(), "refusal " + number);
    }

    static Status status(int code, String retryAfter) {
        return new Status(code, Optional.of(retryAfter));
    }

    /// Steps until nothing is due at the current time.
    public SinkControllerFixture step() {
        while (!controller.step().isAfter(clock.instant())) {
            // more was due
        }
        return this;
    }

    ReplayResult replay(ReplayRequest request) {
        var result = replays.handle(request, controller.snapshot().read());
        controller.reloadReplays();
        step();
        return result;
    }

    public SinkControllerFixture advance(Duration by) {
        clock.advance(by);
        return step();
    }

    public SinkState state() {
        return controller.snapshot().state();
    }

    public SinkController controller() {
        return controller;
    }

    /// Returns the deliveries in flight, in the order they were sent.
    public List<PendingDelivery> inFlight() {
        return inFlight.stream().flatMap(batch -> batch.deliveries().stream()).toList();
    }

    /// Returns the requests in flight, in the order they were sent.
    List<DeliveryBatch> requests() {
        return List.copyOf(inFlight);
    }

    List<JournalEvent> eventsInFlight() {
        return inFlight().stream().map(PendingDelivery::event).toList();
    }

    public PendingDelivery only() {
        if (inFlight.size() != 1) {
            throw new AssertionError("Expected one delivery in flight, but there are " + eventsInFlight());
        }
        return inFlight.getFirst().first();
    }

    public SinkControllerFixture answer(JournalEvent event, DeliveryResult answer) {
        var batch = inFlight.stream()
                .filter(candidate -> candidate.deliveries().stream()
                        .anyMatch(delivery -> delivery.event().equals(event)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(event + " is not in flight, only " + eventsInFlight()));
        inFlight.remove(batch);
        controller.onResult(batch, answer);
        return step();
    }

    SinkControllerFixture answerOnly(DeliveryResult answer) {
        return answer(only().event(), answer);
    }

    /// Responds until nothing is in flight; returns the events in the order they were sent.
    public List<JournalEvent> answerAll(DeliveryResult answer) {
        var events = new ArrayList<JournalEvent>();
        while (!inFlight.isEmpty()) {
            var batch = inFlight.getFirst();
            batch.deliveries().forEach(delivery -> events.add(delivery.event()));
            answer(batch.first().event(), answer);
        }
        return events;
    }
}
