package dev.tidemark.forwarder;

import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.SinkName;
import dev.tidemark.watermark.WatermarkStore;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The real desk of a sink without its thread and without the network: it is stepped from outside, and what
/// it sends goes to a function.
public final class SteppedSink {
    /// Takes an event, which may be `late`, and tells later whether it arrived.
    public interface Receiving {
        void take(JournalEvent event, boolean late, Consumer<Boolean> arrived);
    }

    private final SinkDesk desk;
    private final Clock clock;

    private SteppedSink(SinkDesk desk, Clock clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /// A sink that takes everything of the group.
    public static SteppedSink open(String group, WatermarkStore store, Clock clock, Receiving receiving) {
        var name = new SinkName("crm");
        var config = SinkConfig.of(
                name, WebhookConfig.of(URI.create("http://localhost/"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        var ledger = new SinkLedger(name, store, clock.instant());
        var rules = new SinkHealth(name, config.concurrency(), config.retry().disableAfter());
        var backlog = new SinkBacklog(config, Routing.of(config, Map.of(group, Set.of(name))), ledger, new SinkTally());
        var failures = new Failures(name, new RetrySchedule(config.retry().schedule()), () -> 0.5);
        var condition = new SinkCondition(rules, ledger, clock.instant());
        var answers = new Answers(receiving);
        var desk = new SinkDesk(backlog, condition, ledger, failures, answers, clock);
        answers.desk = Optional.of(desk);
        return new SteppedSink(desk, clock);
    }

    /// Does what is due; returns when there is more.
    public Instant step() {
        var next = desk.step();
        while (!next.isAfter(clock.instant())) {
            next = desk.step();
        }
        return next;
    }

    /// As at a clean stop, once nothing is under way.
    public void close() {
        desk.stop();
        desk.flush();
    }

    private static final class Answers implements Outbox {
        private final Receiving receiving;
        private Optional<SinkDesk> desk = Optional.empty();

        Answers(Receiving receiving) {
            this.receiving = receiving;
        }

        @Override
        public void send(Delivery delivery) {
            receiving.take(
                    delivery.event(),
                    delivery.overtaken(),
                    arrived -> desk.orElseThrow()
                            .completed(
                                    delivery,
                                    arrived
                                            ? new Answer.Status(204, Optional.empty())
                                            : new Answer.NoAnswer("connection refused")));
        }
    }
}
