package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FileHeaderTest {
    private static final int SIZE = 3 * Integer.BYTES + 8 * Long.BYTES;

    private static FileHeader header(FileHeader.Kind kind) {
        return new FileHeader(kind, 11, 22, 33, 44, 55, 66, 77, 1_790_000_000_000L);
    }

    private static ByteBuffer encoded() {
        return header(FileHeader.Kind.SEGMENT).encode();
    }

    @ParameterizedTest
    @EnumSource
    void a_header_keeps_each_field(FileHeader.Kind kind) {
        assertThat(FileHeader.decode(header(kind).encode())).contains(header(kind));
        assertThat(header(kind).isCompacted()).isEqualTo(kind == FileHeader.Kind.COMPACTED);
    }

    @Test
    void a_compacted_segment_has_another_salt_and_its_end() {
        assertThat(header(FileHeader.Kind.SEGMENT).compacted(5, 6))
                .isEqualTo(new FileHeader(FileHeader.Kind.COMPACTED, 11, 22, 33, 5, 55, 66, 6, 1_790_000_000_000L));
    }

    @Test
    void a_header_is_a_whole_sector_and_a_shorter_one_is_none() {
        assertThat(encoded().remaining()).isEqualTo(LogFileLayout.SECTOR);
        assertThat(FileHeader.decode(encoded().limit(LogFileLayout.SECTOR - 1))).isEmpty();
    }

    @Test
    void no_bit_of_a_header_can_change() {
        for (var bit = 0; bit < (SIZE + Integer.BYTES) * Byte.SIZE; bit++) {
            var changed = encoded();
            changed.put(bit / Byte.SIZE, (byte) (changed.get(bit / Byte.SIZE) ^ 1 << bit % Byte.SIZE));
            assertThat(FileHeader.decode(changed)).as("bit " + bit).isEmpty();
        }
    }

    /// Repairs the checksum, so that only the field itself is wrong.
    @Test
    void a_header_with_another_mark_version_or_kind_is_none() {
        for (var place : new int[] {0, Integer.BYTES, 2 * Integer.BYTES}) {
            var changed = encoded().putInt(place, 9);
            var sum = LogFileLayout.checksum(0, 0, changed.slice(0, SIZE));
            assertThat(FileHeader.decode(changed.putInt(SIZE, sum)))
                    .as("field at " + place)
                    .isEmpty();
        }
    }
}
