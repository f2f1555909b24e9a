package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Upgrades the tables of earlier versions, with their rows.
final class SchemaUpgradeTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final int LETTERS = 300;

    private final PostgresHome home = new PostgresHome();
    private final SettableClock clock = new SettableClock();

    private PostgresHome ofVersion(String version) {
        return new PostgresHome(
                home.url(),
                connector -> SchemaMigration.scripts(connector)
                        .target(version)
                        .load()
                        .migrate());
    }

    private static List<JournalEvent> journal(WatermarkStore store) {
        return store.journal().read(JournalPosition.START, LETTERS);
    }

    private List<String> lines(String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection(home.url());
                var statement = connection.createStatement()) {
            var lines = new ArrayList<String>();
            for (var sql : statements) {
                if (statement.execute(sql)) {
                    try (var result = statement.getResultSet()) {
                        while (result.next()) {
                            lines.add(result.getString(1));
                        }
                    }
                }
            }
            return lines;
        }
    }

    @Test
    void tables_of_the_first_version_get_the_index_of_dead_letters_and_keep_their_rows() throws Exception {
        List<JournalEvent> before;
        try (var store = ofVersion("1").open(clock)) {
            home.receive(store, home.mailbox(store), clock.instant());
            before = journal(store);
            for (var i = 0; i < LETTERS; i++) {
                store.deliveries()
                        .saveDeadLetter(
                                new DeadLetter("dead-" + i, CRM, before.getFirst(), "HTTP 400", 9, clock.instant()));
            }
        }
        assertThat(versions()).containsExactly("1");
        try (var store = home.open(clock)) {
            assertThat(versions()).containsExactly("1", "2", "3");
            assertThat(journal(store)).isEqualTo(before);
            assertThat(store.deliveries().deadLetterCounts()).isEqualTo(Map.of(CRM, (long) LETTERS));
            assertThat(store.deliveries().deadLetters(Optional.of(CRM), LETTERS + 1))
                    .hasSize(LETTERS)
                    .extracting(DeadLetter::event)
                    .containsOnly(before.getFirst());
            home.receive(store, home.mailbox(store), clock.instant());
            assertThat(journal(store)).hasSizeGreaterThan(before.size());
        }
    }

    private List<String> versions() throws SQLException {
        return lines("SELECT version FROM schema_history WHERE version IS NOT NULL ORDER BY installed_rank");
    }

    /**
     * Forbids the scan of the table instead of comparing costs: other tests keep snapshots open on the same server, and
     * the price of an index depends on the rows that VACUUM could mark meanwhile.
     */
    @Test
    void dead_letters_are_counted_by_sink_without_reading_their_events() throws Exception {
        home.open(clock).close();
        var plan = lines(
                """
                INSERT INTO dead_letter
                SELECT 'dead-' || n, 'crm', 'HTTP 400', 9, now(), convert_to(repeat('e', 1000), 'UTF8'), false
                FROM generate_series(1, 5000) n
                """,
                "SET enable_seqscan = off",
                "SET enable_bitmapscan = off",
                "EXPLAIN SELECT sink, COUNT(*) FROM dead_letter GROUP BY sink");
        assertThat(plan).anyMatch(line -> line.contains("Index Only Scan using dead_letter_by_sink"));
    }
}
