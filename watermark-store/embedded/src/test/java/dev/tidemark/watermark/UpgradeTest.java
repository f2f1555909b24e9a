package dev.tidemark.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tables are made and changed wholly or not at all, and never while some of the journal is in the log only.
final class UpgradeTest {
    private static final String TABLES = "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'T'";

    private final SettableClock clock = new SettableClock();

    private static JdbcRunner runner(BrittleDisk disk) {
        SealedFile.register();
        return new JdbcRunner(disk.url(), "sa", "", Forcing.Effort.FORCE);
    }

    private static void create(JdbcRunner jdbc) {
        try (var connection = DriverManager.getConnection(jdbc.url(), "sa", "");
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (n INT)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long tables(JdbcRunner jdbc) {
        return jdbc.queryOne(TABLES, row -> row.number(1)).orElseThrow();
    }

    @Test
    void what_is_done_at_once_outlives_a_power_cut() {
        var disk = new BrittleDisk();
        try (var jdbc = runner(disk)) {
            jdbc.allOrNothing(() -> create(jdbc));
            assertThat(tables(jdbc)).isOne();
            try (var again = runner(disk.afterPowerCut(BrittleDisk.Kept.NONE, new Random(1)))) {
                assertThat(tables(again)).isOne();
            }
        }
    }

    @Test
    void what_failed_halfway_leaves_nothing() {
        try (var jdbc = runner(new BrittleDisk())) {
            jdbc.ping();
            assertThatThrownBy(() -> jdbc.allOrNothing(() -> {
                        create(jdbc);
                        throw new StoreException("halfway");
                    }))
                    .hasMessage("halfway");
            assertThat(tables(jdbc)).isZero();
            jdbc.allOrNothing(() -> create(jdbc));
            assertThat(tables(jdbc)).isOne();
        }
    }

    /// Kills leave all that was written.
    @Test
    void a_first_start_that_is_cut_short_anywhere_is_made_up_for() {
        var cut = true;
        for (var touches = 1; cut; touches++) {
            var disk = new BrittleDisk();
            disk.cutAfter(touches);
            try {
                open(disk);
            } catch (StoreException e) {
                assertThat(disk.isDead()).as("%s", e).isTrue();
            }
            cut = disk.isDead();
            open(disk.afterPowerCut(BrittleDisk.Kept.ALL, new Random(1)));
        }
    }

    private void open(BrittleDisk disk) {
        var config = new StoreConfig(disk.url(), "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
        H2Store.open(config, new H2Store.Surroundings(clock, new SecureRandom(), Duration.ofDays(1)))
                .close();
    }

    @Test
    void rows_that_only_the_log_has_are_in_the_journal_before_it_is_changed(@TempDir Path folder) throws SQLException {
        var home = new H2Home(folder);
        var store = home.open(clock);
        var ada = store.mailboxes().enrol(new MailboxAddress("ada@example.com"), new Membership("inboxes", false));
        var before = store.journal().end().value();
        // only the log has it for certain
        store.journal().appendMailboxEvent(ada.id(), "ping", Map.of());
        home.cut(store);
        execute(home.url(), "DELETE FROM journal WHERE position > " + before);
        // so that the newest script fails: what it makes is there
        execute(home.url(), "DELETE FROM \"flyway_schema_history\" WHERE \"version\" = '" + Schema.NEWEST + "'");
        assertThatThrownBy(() -> home.open(clock))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("could not be brought up to date");
        try (var connection = DriverManager.getConnection(home.url(), "sa", "");
                var statement = connection.createStatement();
                var answer = statement.executeQuery("SELECT COUNT(*) FROM journal WHERE position > " + before)) {
            assertThat(answer.next()).isTrue();
            assertThat(answer.getInt(1)).isOne();
        }
    }

    private static void execute(String url, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url, "sa", "");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
