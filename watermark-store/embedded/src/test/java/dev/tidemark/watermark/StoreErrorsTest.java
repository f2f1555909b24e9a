package dev.tidemark.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.time.Instant;
import org.h2.mvstore.DataUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an operator gets to read when H2 cannot use its disk.
final class StoreErrorsTest {
    private static final String NO_ROOM = "The store cannot write because the disk is full; make room.";

    private final BrittleDisk disk = new BrittleDisk();
    private JdbcRunner jdbc;

    @BeforeEach
    void open() {
        SealedFile.register();
        jdbc = new JdbcRunner(disk.url(), "sa", "", Forcing.Effort.FORCE);
        jdbc.write(tx -> tx.update("CREATE TABLE t (n BIGINT PRIMARY KEY, v VARBINARY)"));
    }

    @AfterEach
    void close() {
        disk.fill(false);
        disk.failForces(false);
        jdbc.close();
    }

    private void insert(long number) {
        jdbc.write(tx -> tx.update("INSERT INTO t VALUES (?, ?)", number, new byte[100_000]));
    }

    @Test
    void a_full_disk_is_called_so_whatever_h2_wraps_it_in() {
        disk.fill(true);

        assertThatThrownBy(() -> insert(1)).isInstanceOf(StoreException.class).hasMessage(NO_ROOM);
        // H2 has given its file up by now
        assertThatThrownBy(() -> insert(2)).isInstanceOf(StoreException.class).hasMessage(NO_ROOM);
    }

    @Test
    void a_disk_that_does_not_force_is_told_in_the_words_of_the_system() {
        disk.failForces(true);

        assertThatThrownBy(() -> insert(1))
                .isInstanceOf(StoreException.class)
                .hasMessage("The store cannot use its files: Input/output error; put that right, or give it another"
                        + " store.url.");
    }

    @Test
    void what_is_wrong_with_the_statement_stays_as_h2_says_it() {
        insert(1);

        assertThatThrownBy(() -> insert(1))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("The store failed: Unique index or primary key violation");
    }

    @Test
    void a_file_that_the_system_names_without_a_reason_gets_one() {
        assertThat(StoreErrors.reason(new NoSuchFileException("/data"))).isEqualTo("/data is not there");
        assertThat(StoreErrors.reason(new AccessDeniedException("/data"))).isEqualTo("access to /data is denied");
        assertThat(StoreErrors.reason(new IOException())).isEqualTo("IOException");
    }

    @Test
    void causes_in_a_circle_come_to_an_end() {
        var one = new IllegalStateException("one");
        var other = new IllegalStateException("other", one);
        one.initCause(other);

        assertThat(StoreErrors.failed(one)).hasMessageStartingWith("The store failed: one.");
    }

    @Test
    void what_h2_cannot_find_in_its_file_is_called_damage_with_its_cure() {
        var inner = new IllegalStateException("Chunk 58 not found [2.5.252/9]");
        var told = StoreErrors.failed(50000, new SQLException("General error: \"...\" [50000-252]", inner));

        assertThat(told)
                .hasMessage(
                        "The store's file is damaged, H2 says: Chunk 58 not found [2.5.252/9]. Restore a back-up of"
                                + " it, or move it and its .wal files away to begin anew; docs/operations.md says what that means.");
        var noTable = new SQLException("Table \"INSTANCE\" not found; SQL statement:\nSELECT 1 [42102-252]");
        assertThat(StoreErrors.failed(42102, noTable))
                .hasMessageStartingWith("The store's file is damaged, H2 says: Table \"INSTANCE\" not found. Restore");
    }

    @Test
    void what_keeps_a_store_from_being_opened_is_damage_only_where_h2_or_a_row_says_so() {
        var ours = new IllegalStateException("No such lane.");
        assertThat(StoreErrors.unopened(ours))
                .isInstanceOf(UnforeseenException.class)
                .hasCause(ours)
                .hasMessage(
                        "The store could not be opened, for a reason that Tidemark does not know:"
                                + " java.lang.IllegalStateException: No such lane. Keep its files as they are, and report this.");
        var stumbled = catchThrowable(() -> DataUtils.parseMap("chunk"));
        assertThat(StoreErrors.unopened(StoreErrors.failed(50000, new SQLException("General error", stumbled))))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("The store's file is damaged, H2 says: ");
        var told = (StoreException) catchThrowable(() -> jdbc.write(tx -> tx.update("SELEKT")));
        assertThat(told).hasMessageStartingWith("The store failed: Syntax error");
        assertThat(StoreErrors.unopened(told)).isSameAs(told);
    }

    @Test
    void a_row_that_makes_no_sense_is_damage() {
        insert(1);

        assertThatThrownBy(() -> jdbc.query("SELECT n FROM t", row -> Instant.MAX.plusSeconds(row.number(1))))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("The store's file is damaged, a row of it cannot be read: java.time.DateTime")
                .hasMessageContaining("Restore a back-up");
    }
}
