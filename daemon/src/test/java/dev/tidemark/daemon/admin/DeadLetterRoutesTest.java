package dev.tidemark.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.daemon.config.YamlJsonCodec;
import dev.tidemark.store.Journal;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests the list of dead letters with a real store.
final class DeadLetterRoutesTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final SinkName GONE = new SinkName("gone");
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");

    @TempDir
    Path folder;

    private final AdminRouter router = new AdminRouter();

    @SuppressWarnings("NullAway.Init")
    private WatermarkStore store;

    @SuppressWarnings("NullAway.Init")
    private MailboxId ada;

    @BeforeEach
    void open() {
        var clock = Clock.fixed(NOW, ZoneOffset.UTC);
        var config = new StoreConfig(
                "jdbc:h2:file:" + folder.resolve("t"), "", "", "gw1", true, 1 << 20, Duration.ofMinutes(15));
        store = StoreFactory.open(config, clock);
        ada = store.mailboxes()
                .enrol(new MailboxAddress("ada@example.com"), new GroupMembership("inboxes", false))
                .id();
        var queries = new DeadLetterQueryParser(store.mailboxes(), clock);
        new DeadLetterRoutes(store.deliveries(), () -> Set.of(CRM), queries, event -> "\"" + event.type() + "\"")
                .addTo(router);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /// Makes the newest event of the journal a dead letter, `hoursAgo` hours before now.
    private void die(String id, SinkName sink, long hoursAgo) {
        store.deliveries()
                .saveDeadLetter(
                        new DeadLetter(id, sink, newest(), "responded 400", 9, NOW.minus(Duration.ofHours(hoursAgo))));
    }

    private JournalEvent newest() {
        Journal journal = store.journal();
        return journal.read(new JournalPosition(journal.end().value() - 1), 1).getFirst();
    }

    private List<String> ids(String... query) {
        var items = (List<?>) YamlJsonCodec.fromJson(ask(query).body()).getOrDefault("items", List.of());
        return items.stream()
                .map(item -> String.valueOf(((Map<?, ?>) item).get("id")))
                .toList();
    }

    private AdminReply ask(String... query) {
        var parameters = new LinkedHashMap<String, String>();
        for (var i = 0; i < query.length; i += 2) {
            parameters.put(query[i], query[i + 1]);
        }
        var request = new AdminRequest(
                "GET", "/api/v1/dead-letters", parameters, Map.of(), Optional.of("localhost"), Optional.empty());
        try {
            return router.handle(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void pages_go_on_where_the_last_one_ended_until_there_are_no_more() {
        store.journal().appendInstanceEvent("ping", Map.of());
        for (var i = 0; i < 450; i++) {
            die("dl_" + (1000 + i), CRM, 1);
        }
        var all = new ArrayList<String>();
        var next = Optional.<Object>empty();
        var pages = 0;
        do {
            var page =
                    next.isPresent() ? ask("limit", "100", "after", String.valueOf(next.get())) : ask("limit", "100");
            var tree = YamlJsonCodec.fromJson(page.body());
            ((List<?>) tree.getOrDefault("items", List.of()))
                    .forEach(item -> all.add(String.valueOf(((Map<?, ?>) item).get("id"))));
            next = Optional.ofNullable(tree.get("next"));
            pages++;
        } while (next.isPresent());
        assertThat(all).hasSize(450).doesNotHaveDuplicates().isSorted();
        assertThat(pages).isEqualTo(5);
    }

    @Test
    void a_letter_shows_the_response_to_its_last_attempt() {
        store.journal().appendInstanceEvent("ping", Map.of());
        die("dl_silent", CRM, 2);
        store.deliveries()
                .saveDeadLetter(new DeadLetter("dl_refused", CRM, newest(), "responded 422", 9, NOW)
                        .withResponse(new RefusedResponse(422, "<b>field missing</b>")));
        var items = (List<?>) YamlJsonCodec.fromJson(ask().body()).getOrDefault("items", List.of());
        assertThat(items)
                .extracting(item -> ((Map<?, ?>) item).get("status"), item -> ((Map<?, ?>) item).get("responseBody"))
                .containsExactly(tuple(422, "<b>field missing</b>"), tuple(null, null));
    }

    @Test
    void a_full_last_page_has_no_next() {
        store.journal().appendInstanceEvent("ping", Map.of());
        die("dl_1", CRM, 1);
        die("dl_2", CRM, 2);
        assertThat(YamlJsonCodec.fromJson(ask("limit", "2").body())).containsEntry("next", null);
        assertThat(YamlJsonCodec.fromJson(ask("limit", "1").body()).get("next")).isNotNull();
    }

    @Test
    void they_are_found_by_sink_mailbox_type_and_age() {
        store.journal().appendMailboxEvent(ada, "mailbox.paused", Map.of());
        die("dl_paused", CRM, 5);
        store.journal().appendInstanceEvent("ping", Map.of());
        die("dl_ping", CRM, 3);
        die("dl_old", GONE, 40);
        assertThat(ids()).containsExactly("dl_ping", "dl_paused", "dl_old");
        assertThat(ids("sink", "gone")).containsExactly("dl_old");
        assertThat(ids("mailbox", "ADA@example.com")).containsExactly("dl_paused");
        assertThat(ids("mailbox", ada.value())).containsExactly("dl_paused");
        assertThat(ids("type", "dev.tidemark.mailbox.*,dev.tidemark.sink.*")).containsExactly("dl_paused");
        assertThat(ids("since", "5h")).containsExactly("dl_ping", "dl_paused");
        assertThat(ids("since", "2026-11-01T05:00:00Z")).containsExactly("dl_ping");
        assertThat(ids("since", "2d", "type", "dev.tidemark.ping", "sink", "crm"))
                .containsExactly("dl_ping");
        assertThat(ask("type", "dev.tidemark.mailbox.*").body())
                .contains("\"mailbox\":\"" + ada.value(), "\"event\":\"mailbox.paused\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sink    | absent          | sink 'absent' is not known here; the nearest is crm
            mailbox | zoe@example.com | no mailbox is called 'zoe@example.com' here
            mailbox | zoe             | 'zoe' is neither a mailbox id nor an address
            type    | mailbox.paused  | the nearest that does is dev.tidemark.mailbox.paused
            type    | mailbox.pasued  | the nearest that does is dev.tidemark.mailbox.paused
            type    | dev.tidemark.mailbox.item | the nearest that does is dev.tidemark.mailbox.item.*
            since   | yesterday       | since: 'yesterday' is neither a time
            after   | j1-1a           | after is not a page of dead letters
            after   | d1-zzzzzzzzzzz-0-dl_1 | after is not a page of dead letters
            limit   | 1001            | limit is above its highest value, 1000
            """)
    void an_invalid_parameter_is_refused(String name, String value, String detail) {
        var answer = ask(name, value);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains(detail);
    }
}
