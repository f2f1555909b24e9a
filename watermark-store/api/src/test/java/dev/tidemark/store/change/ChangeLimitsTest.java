package dev.tidemark.store.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.MailboxLocationStore;
import dev.tidemark.store.ResyncStore.FolderState;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import dev.tidemark.store.model.SinkStatus;
import dev.tidemark.values.ClockOffset;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SyncState;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Refuses a change with a value too long for its table at its creation.
final class ChangeLimitsTest {
    private static final Instant NOW = Instant.parse("2026-11-29T09:00:00Z");
    private static final MailboxId ADA = new MailboxId("mbx_aaaaaaaaaaaaaaaa");
    private static final SinkName CRM = new SinkName("crm");
    private static final JournalEvent PING = new JournalEvent(
            new JournalPosition(1),
            new EventKey(1, 2, 3).id(),
            new EventSource.OfInstance(),
            1,
            "ping",
            NOW,
            NOW,
            Optional.empty(),
            new EventData.Lifecycle(Optional.empty(), java.util.Map.of()));

    @FunctionalInterface
    private interface Maker {
        Change make();
    }

    private static String longer(int than) {
        return "x".repeat(than + 1);
    }

    private static DeferredDelivery deferred(String sink, String lane, String error) {
        return new DeferredDelivery(
                new SinkName(sink), new JournalPosition(1), lane, 1, Optional.empty(), NOW, false, Optional.of(error));
    }

    private static SinkReplay replay(String id, String type) {
        var at = new JournalPosition(1);
        return new SinkReplay(
                id, CRM, NOW, at, at, Optional.empty(), Optional.of(type), 1, new SinkReplay.ReplayCounts(0, 1));
    }

    private static Maker located(String url, String grouping) {
        var location = new MailboxLocationStore.MailboxLocation(URI.create(url), Optional.of(grouping), NOW);
        return () -> new Change.MailboxLocationSaved(ADA, location);
    }

    @Test
    void a_value_that_is_too_long_is_refused_and_the_message_says_how_long_it_may_be() {
        var tooLong = Stream.<Maker>of(
                () -> new Change.JournalAppended(new JournalRow(1, 1, 0, new byte[(1 << 20) + 1])),
                () -> new Change.MailboxSaved(
                        new MailboxRow(ADA, new MailboxAddress("ada@example.com"), new byte[(1 << 16) + 1])),
                () -> new Change.MailboxSaved(new MailboxRow(ADA, new MailboxAddress("a@" + longer(510)), new byte[1])),
                () -> new Change.InstanceSaved(longer(255), "key", NOW, true, 0),
                () -> new Change.InstanceSaved("gw1", longer(255), NOW, true, 0),
                () -> new Change.FolderStateSaved(ADA, longer(1024), new FolderState(new SyncState("s"), NOW, true)),
                () -> new Change.FolderStateRemoved(ADA, longer(1024)),
                () -> new Change.SinkSaved(
                        new SinkName(longer(255)), DeliveryPosition.at(JournalPosition.START), SinkStatus.HEALTHY),
                () -> new Change.DeliveryDeferred(deferred(longer(255), "lane", "")),
                () -> new Change.DeliveryDeferred(deferred("crm", longer(255), "")),
                () -> new Change.DeferralRemoved(new SinkName(longer(255)), JournalPosition.START),
                () -> new Change.DeadLetterSaved(new DeadLetter(longer(255), CRM, PING, "", 1, NOW), false),
                () -> new Change.DeadLetterRemoved(longer(255)),
                () -> new Change.DetailSpanSaved(longer(255), JournalPosition.START, Optional.empty()),
                located("https://" + longer(2040), "group"),
                located("https://ews.example.com/", longer(1024)),
                () -> new Change.ClockOffsetSaved(longer(256), ClockOffset.NONE),
                () -> new Change.EventTimeSaved(longer(256), Duration.ZERO),
                () -> new Change.ReplaySaved(replay(longer(255), "type")),
                () -> new Change.ReplaySaved(replay("rpl_1", longer(1024))),
                () -> new Change.ReplayRemoved(longer(255)));
        tooLong.forEach(maker -> assertThatThrownBy(maker::make)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the store takes at most"));
    }

    @Test
    void an_offset_beyond_all_milliseconds_is_refused() {
        for (var ahead : List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(Long.MIN_VALUE))) {
            assertThatThrownBy(() -> new Change.EventTimeSaved("inboxes", ahead))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("out of range");
        }
    }

    @Test
    void the_text_of_an_error_is_cut_instead() {
        var error = longer(5000);
        var status = new SinkStatus(Optional.empty(), false, false, Optional.of(error));
        var sink = new Change.SinkSaved(CRM, DeliveryPosition.at(JournalPosition.START), status);
        var deferred = new Change.DeliveryDeferred(deferred("crm", "lane", error));
        var letter = new Change.DeadLetterSaved(new DeadLetter("dl_1", CRM, PING, error, 1, NOW), false);
        assertThat(Stream.of(
                        sink.status().lastError().orElseThrow(),
                        deferred.row().lastError().orElseThrow(),
                        letter.letter().reason()))
                .allMatch(ChangeLimits.clipped(error)::equals);
    }

    @Test
    void a_text_is_never_cut_within_a_character() {
        var letter = new DeadLetter("dl_1", CRM, PING, "x" + "🙂".repeat(600), 1, NOW);
        var reason = new Change.DeadLetterSaved(letter, false).letter().reason();
        assertThat(reason).isEqualTo("x" + "🙂".repeat(499));
    }
}
