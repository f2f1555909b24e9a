package dev.tidemark.watermark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

final class H2StoreTest extends WatermarkStoreContract {
    @TempDir
    Path folder;

    private int cuts;

    @Override
    WatermarkStore open() {
        return Stores.open(config(), clock);
    }

    private StoreConfig config() {
        var url = "jdbc:h2:file:" + folder.resolve("store" + cuts);
        return new StoreConfig(url, "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
    }

    /// What a power cut leaves is what is in the file: the test goes on with a copy of it, taken while the
    /// store is open.
    @Override
    void cut() {
        try {
            var next = folder.resolve("store" + (cuts + 1) + ".mv.db");
            Files.copy(folder.resolve("store" + cuts + ".mv.db"), next);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store.close();
        cuts++;
    }
}
