package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.routing.SinkEventFilter;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Real sink without its thread and without the network. The caller steps it, and a function receives its
/// events.
public final class SteppedSink {
    /// Receives an event, which may be `late`, and reports its arrival later.
    public interface Receiver {
        void receive(JournalEvent event, boolean late, Consumer<Boolean> arrived);
    }

    private final SinkController desk;
    private final Clock clock;

    private SteppedSink(SinkController desk, Clock clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /// Opens a sink that receives all events of the group.
    public static SteppedSink open(String group, WatermarkStore store, Clock clock, Receiver receiving) {
        var name = new SinkName("crm");
        var config = SinkConfig.of(
                name, WebhookConfig.of(URI.create("http://localhost/"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        var ledger = new SinkWriteBuffer(name, store, clock.instant());
        var rules =
                new SinkHealthPolicy(name, config.concurrency(), config.retry().disableAfter());
        var routing = SinkEventFilter.of(config, event -> Map.of(group, Set.of(name)), id -> Optional.of(group));
        var tally = new SinkStats();
        var supply = new SinkController.Sources(
                new SinkBacklog(config, routing, ledger, tally),
                new ReplayBacklog(config, routing, ledger, store.replays(), tally));
        var failures =
                new EventFailurePolicy(name, new RetrySchedule(config.retry().schedule()), () -> 0.5);
        var condition = new SinkHealthTracker(rules, config.pace().rateLimit(), ledger, clock.instant());
        var answers = new Answers(receiving);
        var desk = new SinkController(supply, condition, ledger, failures, answers, clock);
        answers.desk = Optional.of(desk);
        return new SteppedSink(desk, clock);
    }

    /// Performs all due work; returns the time of the next.
    public Instant step() {
        var next = desk.step();
        while (!next.isAfter(clock.instant())) {
            next = desk.step();
        }
        return next;
    }

    /// Closes it as a clean stop does, after nothing is in flight.
    public void close() {
        desk.stop();
        desk.flush();
    }

    private static final class Answers implements Consumer<DeliveryBatch> {
        private static final DeliveryResult TAKEN = new DeliveryResult.Status(204, Optional.empty());
        private static final DeliveryResult NO_LISTENER = new DeliveryResult.NoAnswer("connection refused");

        private final Receiver receiving;
        private Optional<SinkController> desk = Optional.empty();

        Answers(Receiver receiving) {
            this.receiving = receiving;
        }

        /// Sends one event; there are no batches here.
        @Override
        public void accept(DeliveryBatch shipment) {
            var only = shipment.first();
            receiving.receive(
                    only.event(), only.overtaken(), arrived -> result(shipment, arrived ? TAKEN : NO_LISTENER));
        }

        private void result(DeliveryBatch shipment, DeliveryResult result) {
            try {
                desk.orElseThrow().onResult(shipment, result);
            } catch (StoreException refused) {
                // as SinkWorker does, which only logs it
            }
        }
    }
}
