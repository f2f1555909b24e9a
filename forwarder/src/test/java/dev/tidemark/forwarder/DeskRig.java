package dev.tidemark.forwarder;

import dev.tidemark.forwarder.Answer.NoAnswer;
import dev.tidemark.forwarder.Answer.Status;
import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.SinkName;
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
    static final Answer OK = new Status(204, Optional.empty());
    static final Answer DOWN = new NoAnswer("connection refused");
    static final Answer BROKEN = new Status(500, Optional.empty());

    final SettableClock clock = new SettableClock();
    final MemoryStore store;
    final SinkTally tally = new SinkTally();
    private final List<Shipment> underWay = new ArrayList<>();
    private final SinkDesk desk;
    private final ReplayDesk replays;

    DeskRig() {
        this(new MemoryStore(), sink());
    }

    DeskRig(MemoryStore store, SinkConfig config) {
        this(store, config, () -> 0.5);
    }

    /// @param chance for the blur of retries
    DeskRig(MemoryStore store, SinkConfig config, DoubleSupplier chance) {
        this.store = store;
        var ledger = new SinkLedger(CRM, store, clock.instant());
        var rules = new SinkHealth(CRM, config.concurrency(), config.retry().disableAfter());
        var condition = new SinkCondition(rules, new RateLimit(config.pace().rateLimit()), ledger, clock.instant());
        var routing = Routing.of(config, Map.of("inboxes", Set.of(CRM)), id -> Optional.empty());
        var failures = new Failures(CRM, new RetrySchedule(config.retry().schedule()), chance);
        var supply = new SinkDesk.Supply(
                new SinkBacklog(config, routing, ledger, tally), new Encore(config, routing, ledger, store, tally));
        this.replays = new ReplayDesk(config, routing, store, clock);
        this.desk = new SinkDesk(supply, condition, ledger, failures, underWay::add, clock);
    }

    static SinkConfig sink() {
        var webhook = WebhookConfig.of(URI.create("http://localhost/"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        return SinkConfig.of(CRM, webhook);
    }

    static SinkConfig sink(Ordering ordering, int concurrency, RetryConfig retry) {
        return new SinkConfig(CRM, sink().target(), ordering, PaceConfig.concurrency(concurrency), retry, List.of());
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

    ReplayResult replay(ReplayOrder order) {
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

    SinkDesk desk() {
        return desk;
    }

    /// Deliveries that wait for an answer, in the order they were sent.
    List<Delivery> underWay() {
        return underWay.stream()
                .flatMap(shipment -> shipment.deliveries().stream())
                .toList();
    }

    /// Requests that wait for an answer, in the order they were sent.
    List<Shipment> requests() {
        return List.copyOf(underWay);
    }

    List<JournalEvent> eventsUnderWay() {
        return underWay().stream().map(Delivery::event).toList();
    }

    Delivery only() {
        if (underWay.size() != 1) {
            throw new AssertionError("Expected one delivery under way, but there are " + eventsUnderWay());
        }
        return underWay.getFirst().first();
    }

    DeskRig answer(JournalEvent event, Answer answer) {
        var shipment = underWay.stream()
                .filter(candidate -> candidate.deliveries().stream()
                        .anyMatch(delivery -> delivery.event().equals(event)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(event + " is not under way, only " + eventsUnderWay()));
        underWay.remove(shipment);
        desk.completed(shipment, answer);
        return step();
    }

    DeskRig answerOnly(Answer answer) {
        return answer(only().event(), answer);
    }

    /// Answers until nothing is under way; returns the events in the order they were sent.
    List<JournalEvent> answerAll(Answer answer) {
        var events = new ArrayList<JournalEvent>();
        while (!underWay.isEmpty()) {
            var shipment = underWay.getFirst();
            shipment.deliveries().forEach(delivery -> events.add(delivery.event()));
            answer(shipment.first().event(), answer);
        }
        return events;
    }
}
