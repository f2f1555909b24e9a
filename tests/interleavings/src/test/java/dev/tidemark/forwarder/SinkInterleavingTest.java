package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.SinkControllerFixture.CRM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.routing.SinkEventFilter;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.MessageBatch;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.interleaving.ThreadSchedules;
import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.model.EventData.MailboxRef;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Runs the delivery loop of one sink with its lanes under many schedules: threads that wake it, its request threads
/// and arriving events.
final class SinkInterleavingTest {
    private static final Clock CLOCK = Clock.fixed(TestEvents.NOW, ZoneOffset.UTC);
    private static final int EVENTS = 2;

    @Test
    void each_lane_is_delivered_once_and_in_order() {
        ThreadSchedules.explore(() -> {
            var store = new MemoryStore();
            var target = new Receiver();
            var sender = sender(target);
            var worker = worker(store, sender);
            ThreadSchedules.together(
                    () -> arrive(store, worker, TestEvents.ADA),
                    () -> arrive(store, worker, TestEvents.BOB),
                    worker::runStep);
            worker.runStep();
            target.all.await();
            sender.close();
            worker.beginStop();
            assertThat(target.received).hasSize(2);
            assertThat(target.received.values())
                    .allSatisfy(
                            ids -> assertThat(ids).hasSize(EVENTS).isSorted().doesNotHaveDuplicates());
        });
    }

    /// Takes the step that a wakeup causes. Fray cannot control virtual threads, as the sink's thread is one.
    private static void arrive(MemoryStore store, SinkWorker worker, MailboxRef mailbox) {
        for (var i = 0; i < EVENTS; i++) {
            store.receive(mailbox);
            worker.runStep();
        }
    }

    private static ThreadPoolBatchSender sender(SinkTarget target) {
        var events = new EventSender(CRM, new CloudEventRenderer("gw1"), ItemDetailStore.NONE, target, CLOCK);
        return new ThreadPoolBatchSender(CRM, events, new SinkStats(), 2, CLOCK);
    }

    private static SinkWorker worker(MemoryStore store, ThreadPoolBatchSender sender) {
        var config = SinkControllerFixture.sink();
        var stats = new SinkStats();
        var buffer = new SinkWriteBuffer(CRM, store, CLOCK.instant());
        var policy =
                new SinkHealthPolicy(CRM, config.concurrency(), config.retry().disableAfter());
        var health = new SinkHealthTracker(policy, config.pace().rateLimit(), buffer, CLOCK.instant());
        var filter = SinkEventFilter.of(config, any -> Map.of("inboxes", Set.of(CRM)), id -> Optional.empty());
        var sources = new SinkController.Sources(
                new SinkBacklog(config, filter, buffer, stats),
                new ReplayBacklog(config, filter, buffer, store, stats));
        var failures =
                new EventFailurePolicy(CRM, new RetrySchedule(config.retry().schedule()), () -> 0.5);
        return new SinkWorker(
                CRM, CLOCK, sender, send -> new SinkController(sources, health, buffer, failures, send, CLOCK));
    }

    /// Accepts every event and records them by lane.
    private static final class Receiver implements SinkTarget {
        final Map<String, List<String>> received = new TreeMap<>();
        final CountDownLatch all = new CountDownLatch(2 * EVENTS);

        @Override
        public synchronized DeliveryResult send(MessageBatch batch) {
            for (var message : batch.messages()) {
                received.computeIfAbsent(message.key(), ignored -> new ArrayList<>())
                        .add(message.id());
                all.countDown();
            }
            return new DeliveryResult.Status(204, Optional.empty());
        }

        @Override
        public void close() {
            // holds no resources
        }
    }
}
