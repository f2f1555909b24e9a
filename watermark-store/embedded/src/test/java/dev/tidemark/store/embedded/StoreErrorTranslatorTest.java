package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.log.LogConfig;
import dev.tidemark.log.LogException;
import dev.tidemark.log.SegmentedLog;
import dev.tidemark.log.SimulatedDisk;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.UnexpectedStoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Checks that the operator sees every failure below the store as one sentence with cause and remedy.
final class StoreErrorTranslatorTest {
    private static final String NO_ROOM = "The store cannot write because the disk is full; make room.";

    private final SimulatedDisk disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);

    private StoreException refusedByLog() {
        try (var log = SegmentedLog.open(disk, LogConfig.DEFAULT, () -> Instant.EPOCH)) {
            throw new AssertionError("Opened at record " + log.newestLsn());
        } catch (LogException e) {
            return StoreErrorTranslator.ofLog(e);
        }
    }

    @Test
    void a_full_disk_is_called_so_by_log_and_index() {
        disk.fill(100);
        assertThat(refusedByLog()).hasMessage(NO_ROOM);
        var inner = new IOException("No space left on device");
        assertThat(StoreErrorTranslator.failed(new SQLException("General error", new IllegalStateException(inner))))
                .hasMessage(NO_ROOM);
        assertThat(StoreErrorTranslator.failed(new SQLException("No disk space available [90100-252]")))
                .hasMessage(NO_ROOM);
    }

    @Test
    void a_disk_that_does_not_force_is_described_in_the_words_of_the_system() {
        disk.failForces();
        assertThat(refusedByLog())
                .hasMessage("The store cannot use its files: Input/output error; fix the cause, or set a different"
                        + " store.url.");
    }

    @Test
    void a_log_that_is_in_use_or_damaged_keeps_its_own_sentence() {
        try (var log = SegmentedLog.open(disk, LogConfig.DEFAULT, () -> Instant.EPOCH)) {
            assertThat(log.newestLsn()).isOne();
            assertThat(refusedByLog()).hasMessageContaining("in use by another process");
        }
        disk.list().forEach(name -> disk.put(name, new byte[1024]));
        assertThat(refusedByLog()).hasMessageMatching("/store/segment-0+\\d is damaged at offset 0: .*backup\\.");
    }

    @Test
    void only_damage_is_permanent() {
        try (var log = SegmentedLog.open(disk, LogConfig.DEFAULT, () -> Instant.EPOCH)) {
            assertThat(log.newestLsn()).isOne();
            assertThat(refusedByLog().isPermanent()).as("in use").isFalse();
        }
        disk.list().forEach(name -> disk.put(name, new byte[1024]));
        assertThat(refusedByLog().isPermanent()).as("damaged").isTrue();
    }

    @Test
    void a_full_disk_is_not_permanent() {
        disk.fill(100);
        assertThat(refusedByLog().isPermanent()).isFalse();
    }

    @Test
    void an_error_of_a_statement_stays_as_h2_says_it() {
        var error = new SQLException("Syntax error in SQL statement; SQL statement:\nSELEKT 1 [42000-252]");
        assertThat(StoreErrorTranslator.failed(error))
                .hasMessage("The store failed: Syntax error in SQL statement. Check its disk and the log.");
    }

    @Test
    void a_file_that_the_system_names_without_a_reason_gets_one() {
        assertThat(StoreErrorTranslator.reason(new NoSuchFileException("/data")))
                .isEqualTo("/data does not exist");
        assertThat(StoreErrorTranslator.reason(new AccessDeniedException("/data")))
                .isEqualTo("access to /data is denied");
        assertThat(StoreErrorTranslator.reason(new IOException())).isEqualTo("IOException");
    }

    @Test
    void causes_in_a_circle_come_to_an_end() {
        var one = new IllegalStateException("one");
        var other = new IllegalStateException("other", one);
        one.initCause(other);

        assertThat(StoreErrorTranslator.failed(one)).hasMessageStartingWith("The store failed: one.");
    }

    @Test
    void an_unknown_error_at_the_start_is_not_called_damage() {
        var ours = new IllegalStateException("No such lane.");
        assertThat(StoreErrorTranslator.unopened(ours))
                .isInstanceOf(UnexpectedStoreException.class)
                .hasCause(ours)
                .hasMessage("The store could not be opened because of an unexpected error:"
                        + " java.lang.IllegalStateException: No such lane. Keep its files unchanged and report this.");
        var sentence = new StoreException("The store is in use.");
        assertThat(StoreErrorTranslator.unopened(sentence)).isSameAs(sentence);
    }
}
