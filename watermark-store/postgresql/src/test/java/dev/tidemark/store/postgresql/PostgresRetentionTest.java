package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.sql.StoreTable;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SyncState;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Checks the removal of old events, whose tables are dropped by day.
final class PostgresRetentionTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration DECADE = Duration.ofDays(3650);
    private static final int DETAILS = 4_500;

    private final PostgresHome home = new PostgresHome();
    private final SettableClock clock = new SettableClock();

    private PostgresStore open() {
        return home.open(clock);
    }

    private void receive(WatermarkStore store) {
        home.receive(store, home.mailbox(store), clock.instant());
    }

    private static List<String> mails(WatermarkStore store) {
        return store.journal().read(JournalPosition.START, 1000).stream()
                .map(JournalEvent::data)
                .filter(EventData.Change.class::isInstance)
                .map(data -> ((EventData.Change) data).target().id())
                .toList();
    }

    private void pruneBefore(PostgresStore store, Duration age) {
        var before = clock.instant().minus(age);
        for (var removed = 1; removed > 0; ) {
            removed = store.journal().prune(before, store.journal().end(), 500);
        }
        store.dropDays();
    }

    private long number(String query) throws SQLException {
        try (var connection = DriverManager.getConnection(home.url());
                var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    private long days() throws SQLException {
        return number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'journal'::regclass");
    }

    @Test
    void days_whose_events_are_all_removed_are_dropped() throws Exception {
        try (var store = open()) {
            for (var day = 0; day < 4; day++) {
                receive(store);
                clock.advance(DAY);
            }
            assertThat(days()).isEqualTo(4);
            pruneBefore(store, DAY.multipliedBy(2).plusHours(1));
            assertThat(days()).isEqualTo(2);
            assertThat(mails(store)).containsExactly("m3", "m4");
        }
    }

    @Test
    void a_day_in_the_far_future_is_dropped_like_any_other_once_the_clock_has_returned() throws Exception {
        try (var store = open()) {
            receive(store);
        }
        clock.advance(DECADE);
        try (var store = open()) {
            receive(store);
        }
        clock.advance(DECADE.negated());
        for (var day = 0; day < 3; day++) {
            // each start must continue the days of the one before
            try (var store = open()) {
                receive(store);
                receive(store);
                clock.advance(DAY);
            }
        }
        try (var store = open()) {
            assertThat(mails(store)).containsExactly("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8");
            assertThat(days()).isEqualTo(5);
            pruneBefore(store, DAY.plusHours(1));
            assertThat(days()).isEqualTo(1);
            assertThat(mails(store)).containsExactly("m7", "m8");
        }
    }

    @Test
    void a_clock_that_is_set_back_over_midnight_begins_no_day() throws Exception {
        try (var store = open()) {
            receive(store);
            clock.advance(DAY);
            receive(store);
            clock.advance(DAY.negated());
            receive(store);
            assertThat(days()).isEqualTo(2);
            clock.advance(DAY);
            receive(store);
            assertThat(days()).isEqualTo(2);
        }
    }

    @Test
    void no_row_holds_address_or_item_of_a_forgotten_mailbox_once_retention_has_passed() throws Exception {
        var crm = new SinkName("crm");
        try (var store = open()) {
            receive(store);
            var ada = home.mailbox(store);
            var event = store.journal().read(JournalPosition.START, 100).getLast();
            store.deliveries().saveDeadLetter(new DeadLetter("dl_1", crm, event, "HTTP 500", 3, clock.instant()));
            assertThat(tablesWith("ada@example.com")).contains("mailbox", "journal", "dead_letter");
            assertThat(tablesWith("inbox-folder")).contains("journal", "dead_letter");
            store.mailboxes().pause(ada);
            store.mailboxes().forget(ada);
            assertThat(tablesWith("ada@example.com")).containsExactly("journal");
            store.saveHeartbeats();
            assertThat(store.journal().forgotten()).containsExactly(ada);
            clock.advance(DAY.multipliedBy(9));
            var bob = store.mailboxes()
                    .enrol(new MailboxAddress("bob@example.com"), new GroupMembership("inboxes", false));
            store.mailboxes().pause(bob.id());
            pruneBefore(store, DAY.multipliedBy(7));
            assertThat(tablesWith("ada@example.com")).isEmpty();
            assertThat(tablesWith("inbox-folder")).isEmpty();
            store.saveHeartbeats();
            assertThat(store.journal().forgotten()).isEmpty();
        }
    }

    /// Returns the tables with a row that holds the text, also within bytes.
    private List<String> tablesWith(String text) throws SQLException {
        var hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
        var found = new ArrayList<String>();
        for (var table : StoreTable.values()) {
            found.add(table.sqlName());
        }
        found.addAll(List.of("mailbox", "journal", "store_instance"));
        for (var table : List.copyOf(found)) {
            var rows = "SELECT count(*) FROM " + table + " t WHERE t::text LIKE '%" + text + "%' OR t::text LIKE '%"
                    + hex + "%'";
            if (number(rows) == 0) {
                found.remove(table);
            }
        }
        return found;
    }

    @Test
    void many_details_are_removed_in_several_commits() throws Exception {
        try (var store = open()) {
            var mailbox = home.mailbox(store);
            var items = IntStream.range(0, DETAILS)
                    .mapToObj(item -> new RecoveredPage.RecoveredChange(
                            ChangeKind.CREATED, ItemId.of("I" + item), Optional.empty(), clock.instant()))
                    .toList();
            store.resyncs()
                    .store(new RecoveredPage(mailbox, EventOrigin.RESYNC, items, "inbox", new SyncState("S"), true));
            var end = store.journal().end().value();
            store.details()
                    .save(LongStream.rangeClosed(1, end)
                            .mapToObj(JournalPosition::new)
                            .collect(Collectors.toMap(Function.identity(), ignored -> new ItemDetail.NotFound())));
            var before = number("SELECT commits FROM store_partition");
            clock.advance(DAY);
            pruneBefore(store, Duration.ofHours(1));
            assertThat(number("SELECT count(*) FROM detail")).isZero();
            assertThat(number("SELECT commits FROM store_partition") - before).isGreaterThan(4);
        }
    }
}
