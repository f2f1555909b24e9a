package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkPartition;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.tracing.EventTracer;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Lets two forwarders on one store, like two nodes of a cluster, share the parts of a sink.
@Timeout(180)
final class SinkPartitionsTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final List<SinkPartition> PARTS = SinkPartition.all(4);
    private static final int MAILBOXES = 16;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock(TestEvents.NOW);
    private final RecordingReceiver receiver = new RecordingReceiver();
    private final List<EventForwarder> nodes = new ArrayList<>();
    private WatermarkStore store;
    private List<MailboxId> mailboxes;

    @BeforeEach
    void open() {
        var config = new StoreConfig(
                "jdbc:h2:file:" + folder.resolve("store"), "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
        store = StoreFactory.open(config, clock);
        mailboxes = IntStream.range(0, MAILBOXES)
                .mapToObj(number -> store.mailboxes()
                        .enrol(
                                new MailboxAddress("mailbox" + number + "@example.com"),
                                new GroupMembership("inboxes", false))
                        .id())
                .toList();
    }

    @AfterEach
    void close() {
        closeNodes();
        store.close();
        receiver.close();
    }

    private void closeNodes() {
        nodes.forEach(EventForwarder::close);
        nodes.clear();
    }

    private ForwarderConfig config() {
        var webhook = WebhookConfig.of(receiver.url(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        return new ForwarderConfig(
                List.of(SinkConfig.of(CRM, webhook)),
                Map.of("inboxes", Set.of(CRM)),
                new EgressConfig(false, List.of("127.0.0.1")),
                Duration.ofMinutes(1));
    }

    private EventForwarder node(int partitions) {
        var node = EventForwarder.startLeased(config(), store, clock, clock, partitions, EventTracer.OFF);
        nodes.add(node);
        return node;
    }

    private static Lease lease(SinkPartition part, long number) {
        return new Lease("sink:" + part.row(CRM), number);
    }

    private static void begin(EventForwarder node, List<SinkPartition> parts, long number) {
        parts.forEach(part -> node.leased().begin(lease(part, number), () -> true));
    }

    @Test
    void an_order_reaches_all_partitions_although_the_first_one_fails() {
        var node = node(PARTS.size());
        // an order to another node fails, because this store has no leases
        var here = PARTS.subList(1, PARTS.size());
        begin(node, here, 1);
        assertThatThrownBy(() -> node.disable(CRM))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 of 4 partitions of sink 'crm' did not disable");
        await().untilAsserted(() -> assertThat(here)
                .allMatch(part -> store.deliveries().of(part).status(CRM).disabled()));
    }

    /// Journals an event of each mailbox.
    private void append() {
        mailboxes.forEach(id -> store.journal().appendMailboxEvent(id, "mailbox.relocated", Map.of("n", 1)));
    }

    private List<JournalEvent> events(List<SinkPartition> parts) {
        return store.journal().read(JournalPosition.START, Integer.MAX_VALUE).stream()
                .filter(event -> event.type().equals("mailbox.relocated"))
                .filter(event -> parts.stream().anyMatch(part -> part.contains(DeliveryLanes.of(event))))
                .toList();
    }

    /// Waits until the receiver has exactly the events of these parts, once each and in order per mailbox.
    private void awaitReceived(List<SinkPartition> parts) {
        var wanted = events(parts);
        await().untilAsserted(() -> assertThat(received())
                .containsExactlyInAnyOrderElementsOf(
                        wanted.stream().map(event -> event.id().value()).toList()));
        for (var id : mailboxes) {
            assertThat(received().stream().filter(ids(wanted, id)::contains))
                    .as("%s", id)
                    .containsExactlyElementsOf(ids(wanted, id));
        }
    }

    private static List<String> ids(List<JournalEvent> events, MailboxId id) {
        return events.stream()
                .filter(event -> DeliveryLanes.of(event).equals(id.value()))
                .map(event -> event.id().value())
                .toList();
    }

    private List<String> received() {
        return receiver.calls().stream()
                .filter(call -> call.body().contains("mailbox.relocated"))
                .map(RecordingReceiver.Call::id)
                .toList();
    }

    @Test
    void each_part_of_a_sink_needs_a_lease() {
        var ann = node(4);
        assertThat(ann.leased().resources())
                .containsExactlyInAnyOrder("sink:crm#0/4", "sink:crm#1/4", "sink:crm#2/4", "sink:crm#3/4");
        append();
        begin(ann, PARTS.subList(1, 3), 1);
        awaitReceived(PARTS.subList(1, 3));
        assertThat(ann.sinks().getFirst().backlog()).isPositive();
        begin(ann, PARTS.subList(0, 1), 1);
        begin(ann, PARTS.subList(3, 4), 1);
        awaitReceived(PARTS);
        await().until(() -> ann.sinks().getFirst().backlog() == 0);
    }

    @Test
    void parts_move_between_nodes_and_each_mailbox_keeps_its_order() {
        var ann = node(4);
        var ben = node(4);
        begin(ann, PARTS, 1);
        for (var round = 2; round < 6; round++) {
            append();
            var moving = PARTS.subList(round % 2 * 2, round % 2 * 2 + 2);
            var from = round < 4 ? ann : ben;
            var to = round < 4 ? ben : ann;
            for (var part : moving) {
                from.leased().handOver(lease(part, round < 4 ? 1 : round - 2));
                to.leased().begin(lease(part, round), () -> true);
            }
            append();
        }
        awaitReceived(PARTS);
    }

    @Test
    void the_first_part_replays_the_events_of_all_parts_once() {
        var ann = node(4);
        var ben = node(4);
        begin(ann, PARTS.subList(0, 1), 1);
        begin(ben, PARTS.subList(1, 4), 1);
        append();
        awaitReceived(PARTS);
        var saved = store.journal().end();
        await().until(() -> {
            clock.advance(Duration.ofSeconds(1));
            ann.wake();
            ben.wake();
            return PARTS.stream()
                    .allMatch(part -> store.deliveries()
                            .of(part)
                            .savedPosition(CRM)
                            .filter(position -> position.isDone(saved))
                            .isPresent());
        });
        var request = new ReplayRequest(
                JournalPosition.START, saved, Optional.empty(), Optional.of("*.mailbox.relocated"), 1000, false);
        assertThat(ann.replay(CRM, request).orElseThrow().count()).isEqualTo(MAILBOXES);
        await().untilAsserted(() -> {
            clock.advance(Duration.ofSeconds(1));
            ann.wake();
            assertThat(received()).hasSize(2 * MAILBOXES);
        });
        assertThat(received().stream().distinct()).hasSize(MAILBOXES);
        await().until(() -> {
            clock.advance(Duration.ofSeconds(1));
            ann.wake();
            return store.replays().running().isEmpty();
        });
        assertThat(received()).hasSize(2 * MAILBOXES);
    }

    @Test
    void a_sink_is_disabled_if_one_part_is_and_the_others_continue() {
        var gone = mailboxes.getFirst().value();
        receiver.answer(call -> RecordingReceiver.Reply.of(call.body().contains(gone) ? 410 : 204));
        var ann = node(4);
        begin(ann, PARTS, 1);
        append();
        var others = PARTS.stream().filter(part -> !part.contains(gone)).toList();
        await().untilAsserted(() -> assertThat(received())
                .containsAll(
                        events(others).stream().map(event -> event.id().value()).toList()));
        await().until(() -> ann.sinks().getFirst().state().equals("disabled"));
        ann.disable(CRM);
        receiver.answer(call -> RecordingReceiver.Reply.of(204));
        append();
        ann.enable(CRM);
        await().untilAsserted(() -> assertThat(received().stream().distinct())
                .containsExactlyInAnyOrderElementsOf(
                        events(PARTS).stream().map(event -> event.id().value()).toList()));
        assertThat(ann.sinks().getFirst().state()).isEqualTo("active");
    }

    @Test
    void another_number_of_parts_loses_and_repeats_nothing() {
        var ann = node(4);
        append();
        // the others are behind
        begin(ann, PARTS.subList(0, 2), 1);
        awaitReceived(PARTS.subList(0, 2));
        closeNodes();
        append();
        var three = SinkPartition.all(3);
        var ben = node(3);
        begin(ben, three.subList(1, 2), 1);
        await().until(() -> ben.sinks().getFirst().backlog() > 0 && received().size() > 0);
        closeNodes();
        append();
        nodes.add(EventForwarder.start(config(), store, clock));
        awaitReceived(PARTS);
    }

    @Test
    void the_parts_share_the_limits_of_the_sink() {
        var pace = config().sinks().getFirst();
        var shares = SinkPartition.all(3).stream().map(pace::share).toList();
        assertThat(shares).extracting(SinkConfig::concurrency).containsExactly(2, 1, 1);
        assertThat(SinkPartition.all(8).stream().map(pace::share))
                .extracting(SinkConfig::concurrency)
                .containsOnly(1);
    }
}
