package dev.tidemark.forwarder.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventData.FolderInfo;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.EventData.Protocol;
import dev.tidemark.store.model.EventId;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.TextValidator;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Fuzzes the rendering of events, whose texts come from Exchange. An event is always valid JSON with its ids
/// unchanged; otherwise it could not be delivered.
final class EventJsonFuzzTest {
    private static final MailboxRef ADA =
            new MailboxRef(new MailboxId("mbx_aaaaaaaaaaaaaaaa"), new MailboxAddress("ada@example.com"), "inboxes");
    private static final CloudEventRenderer RENDERER = new CloudEventRenderer("gw1");
    private static final JsonMapper JSON = new JsonMapper();

    @FuzzTest
    void a_change_keeps_its_ids(FuzzedDataProvider data) {
        var item = "i" + data.consumeString(200);
        var folder = "f" + data.consumeString(200);
        var name = data.consumeString(200);
        var key = data.consumeString(200);
        var watermark = Optional.of(new Watermark("w" + data.consumeString(200)));
        var count = data.consumeInt();
        var json = rendered(new EventData.Change(
                ADA,
                data.pickValue(ChangeKind.values()),
                new ItemId(item, Optional.of(key)),
                Optional.of(new FolderInfo(FolderId.of(folder), Optional.of(name), Optional.empty())),
                Optional.of(ItemId.of(item)),
                Optional.empty(),
                OptionalInt.of(count),
                Optional.of(new Protocol(Optional.empty(), watermark, watermark))));
        if (Stream.of(item, folder, name, key, watermark.get().value()).allMatch(EventJsonFuzzTest::isWhole)) {
            assertThat(json.at("/data/item/id").asString()).isEqualTo(item);
            assertThat(json.at("/data/item/changeKey").asString()).isEqualTo(key);
            assertThat(json.at("/data/oldItem/id").asString()).isEqualTo(item);
            assertThat(json.at("/data/parentFolder/id").asString()).isEqualTo(folder);
            assertThat(json.at("/data/parentFolder/name").asString()).isEqualTo(name);
            assertThat(json.at("/data/unreadCount").asInt()).isEqualTo(count);
        }
    }

    @FuzzTest
    void a_sentence_of_a_server_stays_whole(FuzzedDataProvider data) {
        var sent = data.consumeRemainingAsString();
        var sentence = TextValidator.oneLine(sent);
        var json = rendered(new EventData.Lifecycle(Optional.of(ADA), Map.of("reason", sentence)));
        if (isWhole(sent)) {
            assertThat(isWhole(sentence)).isTrue();
            assertThat(json.at("/data/reason").asString()).isEqualTo(sentence);
        }
    }

    /// Returns whether the text has no half of a surrogate pair, as no text of an XML message has.
    private static boolean isWhole(String text) {
        return text.codePoints().noneMatch(each -> Character.getType(each) == Character.SURROGATE);
    }

    private static JsonNode rendered(EventData data) {
        var bytes = RENDERER.render(new JournalEvent(
                new JournalPosition(1),
                new EventId("evt_" + "a".repeat(26)),
                new EventSource.OfMailbox(ADA.id()),
                1,
                "mailbox.message.received",
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.of(EventOrigin.PUSH),
                data));
        var json = JSON.readTree(bytes);
        assertThat(json.at("/id").asString()).isEqualTo("evt_" + "a".repeat(26));
        assertThat(json.at("/subject").asString()).isEqualTo("ada@example.com");
        return json;
    }
}
