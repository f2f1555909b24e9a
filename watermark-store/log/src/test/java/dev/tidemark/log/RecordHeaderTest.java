package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class RecordHeaderTest {
    private static final long SALT = 0x5eed;
    private static final long OFFSET = 4 * LogFileLayout.SECTOR;
    private static final byte[] PAYLOAD = {1, 2, 3, 4, 5};
    private static final LogRecord RECORD = new LogRecord(17, 40, 3, 1_790_000_000_000L, PAYLOAD);

    private static ByteBuffer encoded() {
        return RecordHeader.encode(RECORD, 99, SALT, OFFSET);
    }

    @Test
    void a_header_keeps_each_field() {
        var header = RecordHeader.decode(encoded(), SALT, OFFSET).orElseThrow();

        assertThat(header)
                .returns(17L, RecordHeader::lsn)
                .returns(5, RecordHeader::length)
                .returns(40L, RecordHeader::position)
                .returns(3, RecordHeader::events)
                .returns(1_790_000_000_000L, RecordHeader::recordedAt)
                .returns(99, RecordHeader::previousSum)
                .returns(LogFileLayout.checksum(SALT, OFFSET, ByteBuffer.wrap(PAYLOAD)), RecordHeader::payloadSum)
                .returns(RecordHeader.sum(encoded()), RecordHeader::sum);
        assertThat(header.with(PAYLOAD)).isEqualTo(RECORD);
    }

    @Test
    void a_record_is_written_in_whole_sectors_with_its_payload_behind_the_header() {
        var encoded = encoded();

        assertThat(encoded.remaining()).isEqualTo(LogFileLayout.SECTOR);
        var payload = new byte[PAYLOAD.length];
        encoded.get(RecordHeader.SIZE, payload);
        assertThat(payload).isEqualTo(PAYLOAD);
    }

    @Test
    void a_payload_that_fills_its_sector_takes_no_other() {
        var room = LogFileLayout.SECTOR - RecordHeader.SIZE;

        assertThat(RecordHeader.size(0)).isEqualTo(LogFileLayout.SECTOR);
        assertThat(RecordHeader.size(room)).isEqualTo(LogFileLayout.SECTOR);
        assertThat(RecordHeader.size(room + 1)).isEqualTo(2L * LogFileLayout.SECTOR);
        assertThat(RecordHeader.decode(encoded(), SALT, OFFSET).orElseThrow().size())
                .isEqualTo(LogFileLayout.SECTOR);
        assertThat(RecordHeader.size(Integer.MAX_VALUE)).isGreaterThan(Integer.MAX_VALUE);
    }

    @Test
    void a_header_alone_can_be_read_and_a_shorter_one_cannot() {
        assertThat(RecordHeader.decode(encoded().limit(RecordHeader.SIZE), SALT, OFFSET))
                .isPresent();
        assertThat(RecordHeader.decode(encoded().limit(RecordHeader.SIZE - 1), SALT, OFFSET))
                .isEmpty();
    }

    @Test
    void a_record_without_payload_can_be_read() {
        var empty = new LogRecord(1, 0, 0, 0, new byte[0]);

        assertThat(RecordHeader.decode(RecordHeader.encode(empty, 0, SALT, OFFSET), SALT, OFFSET))
                .map(RecordHeader::length)
                .contains(0);
    }

    @Test
    void no_bit_of_a_header_can_change() {
        for (var bit = 0; bit < RecordHeader.SIZE * Byte.SIZE; bit++) {
            var changed = encoded();
            changed.put(bit / Byte.SIZE, (byte) (changed.get(bit / Byte.SIZE) ^ 1 << bit % Byte.SIZE));
            assertThat(RecordHeader.decode(changed, SALT, OFFSET))
                    .as("bit " + bit)
                    .isEmpty();
        }
    }

    @Test
    void the_header_of_another_file_or_place_is_none() {
        assertThat(RecordHeader.decode(encoded(), SALT + 1, OFFSET)).isEmpty();
        assertThat(RecordHeader.decode(encoded(), SALT, OFFSET + LogFileLayout.SECTOR))
                .isEmpty();
    }

    /// Repairs the checksum, so that only the field itself is wrong.
    @Test
    void a_header_with_another_mark_or_a_negative_length_is_none() {
        for (var place : new int[] {0, Integer.BYTES + Long.BYTES}) {
            var changed = encoded().putInt(place, -1);
            var sum = LogFileLayout.checksum(SALT, OFFSET, changed.slice(0, RecordHeader.SIZE - Integer.BYTES));
            assertThat(RecordHeader.decode(changed.putInt(RecordHeader.SIZE - Integer.BYTES, sum), SALT, OFFSET))
                    .as("field at " + place)
                    .isEmpty();
        }
    }

    @Test
    void a_record_holds_its_events_up_to_its_position() {
        var held = Arrays.stream(new long[] {36, 37, 38, 39, 40, 41}).filter(RECORD::holds);

        assertThat(held).containsExactly(38L, 39L, 40L);
    }
}
