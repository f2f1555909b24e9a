package dev.tidemark.store.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tidemark.store.StoreException;
import dev.tidemark.values.InvalidValueException;

/// Fuzzes the payloads of the log, as a damaged or a later version's store holds them.
final class StoredChangeFuzzTest {
    @FuzzTest
    void a_change_is_read_and_written_again_or_refused_in_a_sentence(byte[] bytes) {
        try {
            var change = ChangeCodec.read(new BinaryValueReader(bytes));
            var out = new BinaryValueWriter();
            ChangeCodec.write(out, change);
            assertThat(ChangeCodec.read(new BinaryValueReader(out.toBytes()))).hasSameClassAs(change);
        } catch (StoreException | InvalidValueException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
