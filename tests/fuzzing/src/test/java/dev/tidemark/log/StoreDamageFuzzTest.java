package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// Fuzzes segments and snapshots. Damage never loses a record silently: the log is refused with file and offset, or it
/// holds every record.
final class StoreDamageFuzzTest {
    private static final SmallStore STORE = SmallStore.stopped(1);
    private static final List<String> NAMES = List.copyOf(STORE.files().keySet());
    private static final int MAX_CHANGES = 8;

    /// Reads the contents of a log after its files were changed.
    private static List<String> contents(SimulatedDisk disk) {
        try (var log = SmallStore.open(disk)) {
            return SmallStore.contents(log);
        }
    }

    @FuzzTest
    void damage_is_refused_with_file_and_offset_or_loses_nothing(FuzzedDataProvider data) {
        var disk = STORE.disk();
        for (var left = data.consumeInt(1, MAX_CHANGES); left > 0; left--) {
            var name = data.pickValue(NAMES);
            disk.put(name, damaged(data, DamageTest.bytes(disk, name)));
        }
        try {
            assertThat(contents(disk)).isEqualTo(STORE.records());
        } catch (LogDamagedException refused) {
            requirePlace(refused);
        }
    }

    private static byte[] damaged(FuzzedDataProvider data, byte[] bytes) {
        if (bytes.length > 0 && data.consumeBoolean()) {
            return Arrays.copyOf(bytes, data.consumeInt(0, bytes.length));
        }
        var patch = data.consumeBytes(64);
        var changed = Arrays.copyOf(bytes, Math.max(bytes.length, patch.length));
        System.arraycopy(patch, 0, changed, data.consumeInt(0, changed.length - patch.length), patch.length);
        return changed;
    }

    /// Headers with right checksums, as a later version or a broken one would write them.
    @FuzzTest
    void a_header_of_any_content_is_read_or_refused_with_file_and_offset(FuzzedDataProvider data) {
        var disk = STORE.disk();
        var name = data.pickValue(NAMES);
        var bytes = DamageTest.bytes(disk, name);
        if (bytes.length > 0) {
            disk.put(name, data.consumeBoolean() ? forgedFile(data, bytes) : forgedRecord(data, bytes));
        }
        try {
            assertThat(contents(disk)).isNotNull();
        } catch (LogDamagedException refused) {
            requirePlace(refused);
        }
    }

    private static byte[] forgedFile(FuzzedDataProvider data, byte[] bytes) {
        var header = 3 * Integer.BYTES + 8 * Long.BYTES;
        var forged = ByteBuffer.wrap(bytes.clone());
        var patch = data.consumeBytes(header - Integer.BYTES);
        forged.put(data.consumeInt(Integer.BYTES, header - patch.length), patch);
        forged.putInt(header, LogFileLayout.checksum(0, 0, forged.slice(0, header)));
        return forged.array();
    }

    private static byte[] forgedRecord(FuzzedDataProvider data, byte[] bytes) {
        var salt = FileHeader.decode(ByteBuffer.wrap(bytes)).orElseThrow().salt();
        var at = LogFileLayout.SECTOR * data.consumeInt(1, bytes.length / LogFileLayout.SECTOR - 1);
        var end = RecordHeader.SIZE - Integer.BYTES;
        var forged = ByteBuffer.wrap(bytes.clone());
        var patch = data.consumeBytes(end - Integer.BYTES);
        forged.put(at + data.consumeInt(Integer.BYTES, end - patch.length), patch);
        forged.putInt(at + end, LogFileLayout.checksum(salt, at, forged.slice(at, end)));
        return forged.array();
    }

    private static void requirePlace(LogDamagedException refused) {
        assertThat(refused.getMessage())
                .startsWith(refused.file() + " is damaged at offset " + refused.offset() + ": ");
    }
}
