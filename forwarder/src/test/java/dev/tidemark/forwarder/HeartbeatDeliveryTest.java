package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.TestEvents.ADA;
import static dev.tidemark.forwarder.TestEvents.BOB;
import static dev.tidemark.forwarder.TestEvents.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class HeartbeatDeliveryTest {
    private static final SinkName PULSE = new SinkName("pulse");
    private static final SinkName CRM = new SinkName("crm");
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final MemoryStore store = new MemoryStore();
    private final RecordingReceiver pulse = new RecordingReceiver();
    private final RecordingReceiver crm = new RecordingReceiver();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(pulse, crm));

    @AfterEach
    void close() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void a_heartbeat_goes_only_to_the_sink_that_names_its_type_in_full() {
        var forwarder = start(Map.of("inboxes", Set.of(PULSE, CRM)), "dev.tidemark.*");
        forwarder.sendHeartbeat(ADA, NOW);
        await().until(() -> pulse.count() == 1);
        var call = pulse.calls().getFirst();
        assertThat(call.body())
                .isEqualTo("{\"specversion\":\"1.0\",\"id\":\"" + call.id()
                        + "\",\"type\":\"dev.tidemark.heartbeat\",\"source\":\"/tidemark/gw1/mailboxes/" + ADA.id()
                        + "\",\"subject\":\"ada@example.com\",\"time\":\"2026-11-01T09:15:02.413Z\","
                        + "\"datacontenttype\":\"application/json\",\"partitionkey\":\"" + ADA.id()
                        + "\",\"origin\":\"push\",\"data\":{\"mailbox\":{\"id\":\"" + ADA.id()
                        + "\",\"address\":\"ada@example.com\",\"group\":\"inboxes\"}}}");
        assertThat(call.header("Webhook-signature")).startsWith("v1,");
        // a journaled event that comes later proves that no heartbeat was on its way to the other sink
        store.receive(BOB);
        await().until(() -> crm.count() == 1);
        assertThat(crm.calls().getFirst().body()).contains("mailbox.message.received");
        assertThat(store.end().value()).isOne();
    }

    @Test
    void a_sink_that_the_group_does_not_name_gets_no_heartbeat() {
        var forwarder = start(Map.of("inboxes", Set.of(CRM), "others", Set.of(PULSE)), SinkConfig.HEARTBEAT);
        forwarder.sendHeartbeat(ADA, NOW);
        await().until(() -> crm.count() == 1);
        assertThat(pulse.calls()).isEmpty();
    }

    @Test
    void a_heartbeat_that_is_refused_is_not_repeated_and_leaves_the_sink_active() {
        pulse.answer(call -> RecordingReceiver.Reply.of(500));
        var forwarder = start(Map.of("inboxes", Set.of(PULSE)), "dev.tidemark.*");
        forwarder.sendHeartbeat(ADA, NOW);
        forwarder.sendHeartbeat(BOB, NOW);
        await().until(() -> pulse.count() == 2);
        assertThat(pulse.calls())
                .extracting(call -> call.header("Tidemark-attempt"))
                .containsOnly("1");
        assertThat(forwarder.sinks().getFirst().state()).isEqualTo("active");
        assertThat(forwarder.sinks().getFirst().backlog()).isZero();
    }

    @Test
    void a_disabled_sink_gets_no_heartbeat() {
        var forwarder = start(Map.of("inboxes", Set.of(PULSE, CRM)), SinkConfig.HEARTBEAT);
        forwarder.disable(PULSE);
        for (var i = 0; i < 20; i++) {
            forwarder.sendHeartbeat(ADA, NOW);
        }
        await().until(() -> crm.count() == 20);
        assertThat(pulse.calls()).isEmpty();
    }

    private EventForwarder start(Map<String, Set<SinkName>> routes, String eventsOfCrm) {
        var sinks = List.of(sink(PULSE, pulse, SinkConfig.HEARTBEAT), sink(CRM, crm, eventsOfCrm));
        var config = new ForwarderConfig(
                sinks, routes, new EgressConfig(false, List.of("127.0.0.0/8")), Duration.ofSeconds(10));
        var forwarder = EventForwarder.start(config, store, new SettableClock(NOW));
        open.add(forwarder);
        return forwarder;
    }

    private static SinkConfig sink(SinkName name, RecordingReceiver receiver, String events) {
        return new SinkConfig(
                name,
                WebhookConfig.of(receiver.url(), SECRET),
                DeliveryOrdering.MAILBOX,
                ThroughputConfig.DEFAULT,
                RetryConfig.DEFAULT,
                List.of(events));
    }
}
