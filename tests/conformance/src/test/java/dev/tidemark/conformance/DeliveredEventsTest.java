package dev.tidemark.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.SyncState;
import dev.tidemark.values.Watermark;
import io.cloudevents.jackson.JsonFormat;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Produces the events of mailboxes and sinks with the real code. Verifies each event, parses it with
/// CloudEvents' library and checks its schema.
@Timeout(300)
final class DeliveredEventsTest {
    private static final SinkName DEAD = new SinkName("dead");
    private static final SinkName PICKY = new SinkName("picky");
    private static final SinkName PULSE = new SinkName("pulse");
    private static final Instant NEVER = Instant.parse("2100-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void every_event_of_a_whole_story_is_what_it_claims_to_be(boolean protocolExposed) {
        try (var receiver = new ConformanceReceiver();
                var picky = new ConformanceReceiver()) {
            picky.respondWith(call -> ConformanceReceiver.Reply.of(500));
            try (var sender = ConformanceTidemarkSender.open(folder, sinks(receiver, picky), protocolExposed)) {
                changes(sender);
                lives(sender);
                troubles(sender);
                var missing = expectedTypes(sender);
                missing.remove("mailbox.forgotten");
                await().untilAsserted(() -> assertThat(types(receiver)).containsAll(missing));
                sender.store().mailboxes().forget(sender.mailbox());
                await().untilAsserted(() -> assertThat(types(receiver)).contains("mailbox.forgotten"));
                receiver.calls().forEach(DeliveredEventsTest::check);
            }
        }
    }

    /// Returns all types except those that need an overflowing journal or affect a whole organization.
    private static Set<String> expectedTypes(ConformanceTidemarkSender sender) {
        assertThat(sender.forwarder()
                        .test(ConformanceTidemarkSender.MAIN)
                        .orElseThrow()
                        .delivered())
                .isTrue();
        var types = new TreeSet<>(EventShapes.all().keySet());
        types.removeAll(List.of("delivery.expired", "mailbox.relocated"));
        types.removeAll(List.of("connection.unavailable", "connection.available"));
        return types;
    }

    private static List<dev.tidemark.forwarder.config.SinkConfig> sinks(
            ConformanceReceiver receiver, ConformanceReceiver picky) {
        return List.of(
                sink(ConformanceTidemarkSender.MAIN, receiver.url(), List.of(Duration.ofSeconds(2))),
                sink(PICKY, picky.url(), List.of()),
                sink(DEAD, URI.create("http://127.0.0.1:1/"), List.of(Duration.ofSeconds(2))),
                sink(PULSE, receiver.url(), List.of(), List.of(dev.tidemark.forwarder.config.SinkConfig.HEARTBEAT)));
    }

    private static dev.tidemark.forwarder.config.SinkConfig sink(SinkName name, URI url, List<Duration> schedule) {
        return sink(name, url, schedule, List.of());
    }

    private static dev.tidemark.forwarder.config.SinkConfig sink(
            SinkName name, URI url, List<Duration> schedule, List<String> events) {
        var settings = new WebhookSenderUnderTest.Settings(url, List.of(SenderContract.SECRET), Optional.empty());
        return ConformanceTidemarkSender.sink(name, settings, events, schedule);
    }

    private static void changes(ConformanceTidemarkSender sender) {
        for (var kind : ChangeKind.values()) {
            for (var item : List.of(true, false)) {
                if (item || kind != ChangeKind.NEW_MAIL) {
                    var target = object(item, "New" + kind);
                    var from = kind == ChangeKind.MOVED || kind == ChangeKind.COPIED;
                    sender.push(kind, target, from ? Optional.of(object(item, "Old")) : Optional.empty());
                }
            }
        }
        sender.push(ChangeKind.NEW_MAIL, ItemId.of("AfterGap"), Optional.empty(), Optional.of(new Watermark("X")));
    }

    private static ObjectId object(boolean item, String name) {
        return item ? new ItemId("AAMkI" + name, Optional.of("DwAAAA==")) : FolderId.of("AAMkF" + name);
    }

    private static void lives(ConformanceTidemarkSender sender) {
        var store = sender.store();
        var mailbox = sender.mailbox();
        store.subscriptions()
                .recordImpairment(mailbox, "events-skipped", "Three callbacks in a row had unreadable events.");
        store.fallbacks().degrade(mailbox, "poll");
        sender.send();
        var group = new MailboxRef(mailbox, new MailboxAddress("ada@example.com"), "inboxes");
        sender.forwarder().sendHeartbeat(group, Instant.now());
        var next = new PendingCompensation(SubscribeReason.SILENCE, NEVER, true, "silent");
        store.subscriptions().recordLoss(mailbox, "nothing heard for too long", next);
        store.subscriptions().fail(mailbox, "ErrorImpersonateUserDenied", "The account may not impersonate.");
        var found = new RecoveredPage.RecoveredChange(
                ChangeKind.CREATED, ItemId.of("AAMkFound"), Optional.empty(), Instant.now());
        store.resyncs().prepare(mailbox, Instant.now().minusSeconds(3600));
        var page = new RecoveredPage(mailbox, EventOrigin.RESYNC, List.of(found), "inbox", new SyncState("H4sI"), true);
        var count = store.resyncs().store(page);
        store.resyncs().recordCompletion(mailbox, "sync", count, Duration.ofMillis(12));
        store.mailboxes().pause(mailbox);
        store.mailboxes().resume(mailbox);
        store.mailboxes().remove(mailbox);
    }

    private static void troubles(ConformanceTidemarkSender sender) {
        var forwarder = sender.forwarder();
        await().until(() -> forwarder.sinks().stream()
                .anyMatch(sink -> sink.name().equals(DEAD) && sink.state().equals("held")));
        forwarder.disable(DEAD);
        forwarder.enable(DEAD);
    }

    private static Set<String> types(ConformanceReceiver receiver) {
        var types = new TreeSet<String>();
        receiver.calls().stream()
                .map(call -> String.valueOf(PublishedSchemas.parsed(call.body()).get("type")))
                .map(type -> type.substring("dev.tidemark.".length()))
                .forEach(types::add);
        return types;
    }

    private static void check(ReceivedCall call) {
        assertThat(ReferenceVerifiers.accepts(SenderContract.SECRET, call)).isTrue();
        assertThat(EventSchemaChecker.faults(call.body())).as(call.body()).isEmpty();
        var event = new JsonFormat().deserialize(call.body().getBytes(StandardCharsets.UTF_8));
        assertThat(event.getId()).isEqualTo(call.id());
        assertThat(event.getSource().toString()).startsWith("/tidemark/gw1");
        assertThat(event.getDataContentType()).isEqualTo("application/json");
        assertThat(event.getTime()).isNotNull();
        if (!event.getType().equals("dev.tidemark.ping") && !event.getType().equals("dev.tidemark.heartbeat")) {
            assertThat(String.valueOf(event.getExtension("sequence"))).matches("[0-9]{20}");
            assertThat(event.getExtension("partitionkey")).isNotNull();
        }
    }

    @Test
    void what_tells_of_its_item_comes_once_more_with_the_same_bytes() {
        try (var receiver = new ConformanceReceiver();
                var sender = ConformanceTidemarkSender.open(
                        folder, List.of(sink(ConformanceTidemarkSender.MAIN, receiver.url(), List.of())), false)) {
            var details = sender.store().details();
            var journal = sender.store().journal();
            details.setGroups(Set.of("inboxes"));
            var before = journal.end();
            sender.send();
            sender.send();
            var events = journal.read(before, 10);
            details.save(Map.of(
                    events.getFirst().position(), new ItemDetail.NotFound(),
                    events.getLast().position(), new ItemDetail.Unavailable()));
            await().until(() -> bodiesWithDetail(receiver, false).size() == 2);
            var order = new ReplayRequest(before, journal.end(), Optional.empty(), Optional.empty(), 100, false);
            assertThat(sender.forwarder().replay(ConformanceTidemarkSender.MAIN, order))
                    .isPresent();
            await().until(() -> bodiesWithDetail(receiver, true).size() == 2);
            assertThat(bodiesWithDetail(receiver, true)).isEqualTo(bodiesWithDetail(receiver, false));
            receiver.calls().forEach(DeliveredEventsTest::check);
        }
    }

    private static List<String> bodiesWithDetail(ConformanceReceiver receiver, boolean replayed) {
        return receiver.calls().stream()
                .filter(call -> call.header("tidemark-replay").equals("true") == replayed)
                .map(ReceivedCall::body)
                .filter(body -> body.contains("\"detail\":"))
                .toList();
    }

    @Test
    void a_body_that_is_no_cloud_event_would_be_noticed() {
        assertThat(EventSchemaChecker.faults("{\"type\":\"dev.tidemark.nonsense\"}"))
                .isNotEmpty();
    }
}
