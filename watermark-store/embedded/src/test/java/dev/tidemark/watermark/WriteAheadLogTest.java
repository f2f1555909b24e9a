package dev.tidemark.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.watermark.InstanceTable.LogStart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WriteAheadLogTest {
    private static final long EPOCH = 77;

    @TempDir
    Path folder;

    private WriteAheadLog log;

    @BeforeEach
    void begin() {
        log = open();
        log.begin(EPOCH);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private WriteAheadLog open() {
        return new WriteAheadLog(folder.resolve("store").toString(), 2L * LogRecord.PAGE, true);
    }

    private void append(long... positions) {
        log.append(Arrays.stream(positions)
                .mapToObj(it -> new JournalRow(it, 1, 1000 + it, text(it)))
                .toList());
    }

    private static byte[] text(long number) {
        return ("row " + number).getBytes(StandardCharsets.UTF_8);
    }

    private List<Long> positions(long epoch, long generation) {
        try (var again = open()) {
            return again.rows(new LogStart(epoch, generation)).stream()
                    .map(JournalRow::position)
                    .toList();
        }
    }

    @Test
    void nothing_is_in_a_new_one() {
        assertThat(positions(EPOCH, 0)).isEmpty();
    }

    @Test
    void gives_back_what_was_appended() {
        append(1, 2);
        append(3);
        try (var again = open()) {
            var rows = again.rows(log.oldest());
            assertThat(rows).extracting(JournalRow::position).containsExactly(1L, 2L, 3L);
            assertThat(rows.get(2).recordedAt()).isEqualTo(1003);
            assertThat(rows.get(2).events()).isEqualTo(1);
            assertThat(rows.get(2).body()).isEqualTo(text(3));
        }
    }

    @Test
    void rows_count_over_two_turns_until_h2_has_those_of_the_first() {
        append(1);
        append(2);
        assertThat(log.due()).isTrue();
        var ended = log.turn();
        append(3);
        assertThat(log.oldest().generation()).isEqualTo(ended);
        assertThat(positions(EPOCH, ended)).containsExactly(1L, 2L, 3L);
        log.safe(ended);
        assertThat(log.oldest().generation()).isEqualTo(ended + 1);
        assertThat(positions(EPOCH, ended + 1)).containsExactly(3L);
    }

    @Test
    void a_file_is_not_overwritten_before_h2_has_its_rows() {
        append(1);
        append(2);
        var ended = log.turn();
        append(3);
        append(4);
        append(5);
        assertThat(log.due()).isFalse();
        log.safe(ended);
        assertThat(log.due()).isTrue();
    }

    @Test
    void a_file_that_is_overwritten_ends_where_the_new_turn_ends() {
        append(1);
        append(2);
        log.safe(log.turn());
        append(3);
        append(4);
        log.safe(log.turn());
        append(5);
        assertThat(positions(EPOCH, log.oldest().generation() - 1)).containsExactly(3L, 4L, 5L);
    }

    @Test
    void after_a_write_of_everything_older_rows_do_not_count() {
        append(1);
        log.allSafe();
        append(2);
        assertThat(positions(EPOCH, log.oldest().generation())).containsExactly(2L);
    }

    @Test
    void what_another_run_left_does_not_count() {
        append(1);
        assertThat(positions(EPOCH + 1, 0)).isEmpty();
    }

    @Test
    void a_torn_record_ends_what_counts() throws IOException {
        append(1);
        append(2);
        damage(LogRecord.PAGE);
        assertThat(positions(EPOCH, 1)).containsExactly(1L);
    }

    /// Who asks sees the hole.
    @Test
    void a_record_that_cannot_be_read_hides_none_behind_it() throws IOException {
        append(1);
        append(2);
        append(3);
        damage(LogRecord.PAGE);
        assertThat(positions(EPOCH, 1)).containsExactly(1L, 3L);
        damage(0);
        assertThat(positions(EPOCH, 1)).containsExactly(3L);
    }

    /// A power cut keeps any part of a long record, and so may spoil what H2 has long had.
    @Test
    void a_record_that_was_to_be_overwritten_may_be_torn() throws IOException {
        append(1);
        append(2);
        append(3);
        var ended = log.turn();
        append(4);
        damage(LogRecord.PAGE);
        assertThat(positions(EPOCH, ended)).containsExactly(1L, 3L, 4L);
        assertThat(positions(EPOCH, ended + 1)).containsExactly(4L);
    }

    private void damage(long record) throws IOException {
        try (var file = FileChannel.open(folder.resolve("store.wal1"), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[8]), record + 60);
        }
    }

    @Test
    void a_record_longer_than_a_page_is_followed_by_the_next() {
        log.append(List.of(new JournalRow(1, 1, 0, new byte[3 * LogRecord.PAGE])));
        append(2);
        assertThat(positions(EPOCH, 1)).containsExactly(1L, 2L);
    }
}
