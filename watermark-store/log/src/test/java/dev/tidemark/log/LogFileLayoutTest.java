package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LogFileLayoutTest {
    @Test
    void names_have_the_same_digits_in_every_locale() {
        var usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(LogFileLayout.name(LogFileLayout.SEGMENT, 1042)).isEqualTo("segment-00000000000000001042");
            assertThat(LogFileLayout.lsn("segment-00000000000000001042", LogFileLayout.SEGMENT))
                    .isEqualTo(1042);
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void sizes_are_whole_sectors() {
        assertThat(LogFileLayout.sectors(0)).isZero();
        assertThat(LogFileLayout.sectors(1)).isEqualTo(512);
        assertThat(LogFileLayout.sectors(512)).isEqualTo(512);
        assertThat(LogFileLayout.sectors(513)).isEqualTo(1024);
    }

    @Test
    void only_whole_names_of_a_kind_are_its_files_in_the_order_of_their_records() throws IOException {
        var disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
        var first = LogFileLayout.name(LogFileLayout.SEGMENT, 7);
        var second = LogFileLayout.name(LogFileLayout.SEGMENT, 10);
        var other = LogFileLayout.name(LogFileLayout.SNAPSHOT, 7);
        for (var name : List.of(second, first, other, first + LogFileLayout.TEMPORARY, "segment-7")) {
            disk.create(name).close();
        }

        assertThat(LogFileLayout.names(disk, LogFileLayout.SEGMENT)).containsExactly(first, second);
    }

    @Test
    void a_checksum_depends_on_the_salt_the_offset_and_the_bytes() {
        var sums = Stream.of(
                LogFileLayout.checksum(1, 2, ByteBuffer.wrap(new byte[] {3})),
                LogFileLayout.checksum(2, 2, ByteBuffer.wrap(new byte[] {3})),
                LogFileLayout.checksum(1, 3, ByteBuffer.wrap(new byte[] {3})),
                LogFileLayout.checksum(1, 2, ByteBuffer.wrap(new byte[] {4})));

        assertThat(sums).doesNotHaveDuplicates().doesNotContain(0);
    }
}
