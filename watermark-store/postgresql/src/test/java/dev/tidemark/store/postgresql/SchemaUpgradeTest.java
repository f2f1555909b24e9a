package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.change.JournalEntryCodec;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Upgrades the tables of earlier versions, with their rows.
final class SchemaUpgradeTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final int LETTERS = 300;
    private static final Pattern REMOVES = Pattern.compile(
            "(?i)\\b(DROP|RENAME|TRUNCATE|SET\\s+NOT\\s+NULL|COLUMN\\s+\\w+\\s+(SET\\s+DATA\\s+)?TYPE)\\b");
    private static final String ADD_COLUMN_TO_EACH_TABLE = """
            DO $$ DECLARE name text; BEGIN
                FOR name IN SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace
                    AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'schema_history'
                LOOP EXECUTE format('ALTER TABLE %I ADD COLUMN later int NOT NULL DEFAULT 1', name); END LOOP;
            END $$
            """;
    private static final String NEW_COLUMNS = "SELECT table_name FROM information_schema.columns"
            + " WHERE table_schema = current_schema() AND column_name = 'later'";

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

    /// Writes letters with the statement of the versions without responses.
    private void saveLetters(JournalEvent event) throws SQLException {
        var statement = """
                INSERT INTO dead_letter (id, sink, reason, attempts, died_at, event, recalled)
                SELECT 'dead-' || n, 'crm', 'responded 400', 9, ?, ?, false FROM generate_series(1, ?) n
                ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, recalled = excluded.recalled
                """;
        try (var connection = DriverManager.getConnection(home.url());
                var insert = connection.prepareStatement(statement)) {
            insert.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            insert.setBytes(2, JournalEntryCodec.writeEvent(event));
            insert.setInt(3, LETTERS);
            insert.executeUpdate();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3", "4", "5"})
    void tables_of_each_earlier_version_keep_their_rows(String version) throws Exception {
        List<JournalEvent> before;
        try (var store = ofVersion(version).open(clock)) {
            home.receive(store, home.mailbox(store), clock.instant());
            before = journal(store);
            saveLetters(before.getFirst());
        }
        assertThat(versions()).endsWith(version);
        try (var store = home.open(clock)) {
            assertThat(versions()).containsExactly("1", "2", "3", "4", "5", "6");
            assertThat(journal(store)).isEqualTo(before);
            assertThat(store.deliveries().deadLetterCounts()).isEqualTo(Map.of(CRM, (long) LETTERS));
            assertThat(store.deliveries().deadLetters(Optional.of(CRM), LETTERS + 1))
                    .hasSize(LETTERS)
                    .allMatch(letter -> letter.response().isEmpty())
                    .extracting(DeadLetter::event)
                    .containsOnly(before.getFirst());
            home.receive(store, home.mailbox(store), clock.instant());
            assertThat(journal(store)).hasSizeGreaterThan(before.size());
        }
    }

    @Test
    void a_node_of_an_earlier_version_can_write_letters_beside_this_one() throws Exception {
        try (var store = home.open(clock)) {
            home.receive(store, home.mailbox(store), clock.instant());
            var event = journal(store).getFirst();
            var refused = new DeadLetter("dead-1", CRM, event, "responded 422", 9, clock.instant())
                    .withResponse(new RefusedResponse(422, "field missing"));
            store.deliveries().saveDeadLetter(refused);

            saveLetters(event);

            assertThat(store.deliveries().deadLetters(Optional.of(CRM), LETTERS + 1))
                    .hasSize(LETTERS)
                    .anyMatch(letter -> letter.response().equals(refused.response()))
                    .anyMatch(letter -> letter.response().isEmpty());
        }
    }

    /// A node of the current version stands for one of an earlier version, whose statements name their columns, too.
    @Test
    void nodes_work_while_a_later_version_adds_columns() throws Exception {
        try (var a = home.node("a").openFollowing(clock)) {
            home.receive(a, home.mailbox(a), clock.instant());
            lines(ADD_COLUMN_TO_EACH_TABLE);
            assertThat(lines(NEW_COLUMNS)).contains("journal", "mailbox", "commit_log", "store_partition", "lease");
            try (var b = home.node("b").openFollowing(clock)) {
                home.receive(b, home.mailbox(b), clock.instant());
                clock.advance(Duration.ofDays(1));
                a.catchUp();
                home.receive(a, home.mailbox(a), clock.instant());
                b.catchUp();
                assertThat(journal(b)).isEqualTo(journal(a)).hasSizeGreaterThanOrEqualTo(3);
            }
        }
    }

    /// Scripts that only add leave running nodes of the version before working. A script that removes something ends
    /// a change that began versions before; its name says so.
    @Test
    void scripts_only_add_unless_their_name_says_contract() throws Exception {
        var scripts = SchemaMigration.scripts(new PostgresConnector(home.config()))
                .load()
                .info()
                .all();
        assertThat(scripts).hasSizeGreaterThan(3).allSatisfy(script -> {
            var name = script.getScript();
            try (var in = ClassLoader.getSystemResourceAsStream("db/tidemark/postgresql/" + name)) {
                assertThat(in).isNotNull();
                var text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("--.*", "");
                assertThat(REMOVES.matcher(text).find() && !name.contains("contract"))
                        .as(name + " removes or narrows something that a running node of the version before uses")
                        .isFalse();
            }
        });
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
