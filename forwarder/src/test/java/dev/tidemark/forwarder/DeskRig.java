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

/// A desk without threads or network: requests lie still until the test answers them.
final class DeskRig {
    static final SinkName CRM = new SinkName("crm");
    static final Answer OK = new Status(204, Optional.empty());
    static final Answer DOWN = new NoAnswer("connection refused");
    static final Answer BROKEN = new Status(500, Optional.empty());

    final SettableClock clock = new SettableClock();
    final MemoryStore store;
    final SinkTally tally = new SinkTally();
    private final List<Delivery> underWay = new ArrayList<>();
    private final SinkDesk desk;

    DeskRig() {
        this(new MemoryStore(), sink());
    }

    DeskRig(MemoryStore store, SinkConfig config) {
        this.store = store;
        var ledger = new SinkLedger(CRM, store, clock.instant());
        var rules = new SinkHealth(CRM, config.concurrency(), config.retry().disableAfter());
        var condition = new SinkCondition(rules, ledger, clock.instant());
        var routing = Routing.of(config, Map.of("inboxes", Set.of(CRM)));
        var failures = new Failures(CRM, new RetrySchedule(config.retry().schedule()), () -> 0.5);
        var backlog = new SinkBacklog(config, routing, ledger, tally);
        this.desk = new SinkDesk(backlog, condition, ledger, failures, underWay::add, clock);
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
        return List.copyOf(underWay);
    }

    List<JournalEvent> eventsUnderWay() {
        return underWay.stream().map(Delivery::event).toList();
    }

    Delivery only() {
        if (underWay.size() != 1) {
            throw new AssertionError("Expected one delivery under way, but there are " + eventsUnderWay());
        }
        return underWay.getFirst();
    }

    DeskRig answer(JournalEvent event, Answer answer) {
        var delivery = underWay.stream()
                .filter(candidate -> candidate.event().equals(event))
                .findFirst()
                .orElseThrow(() -> new AssertionError(event + " is not under way, only " + eventsUnderWay()));
        underWay.remove(delivery);
        desk.completed(delivery, answer);
        return step();
    }

    DeskRig answerOnly(Answer answer) {
        return answer(only().event(), answer);
    }

    /// Answers until nothing is under way; returns the events in the order they were sent.
    List<JournalEvent> answerAll(Answer answer) {
        var events = new ArrayList<JournalEvent>();
        while (!underWay.isEmpty()) {
            var event = underWay.getFirst().event();
            events.add(event);
            answer(event, answer);
        }
        return events;
    }
}
