package dev.tidemark.watermark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/// Stores in H2 files of one folder.
final class H2Home implements StoreHome {
    private final Path folder;
    private int cuts;

    H2Home(Path folder) {
        this.folder = folder;
    }

    StoreConfig config() {
        return config("gw1", true, 0);
    }

    StoreConfig config(String instance, boolean configured, long minFree) {
        return new StoreConfig(url(), "sa", "", instance, configured, minFree, Duration.ofMinutes(15));
    }

    String url() {
        return "jdbc:h2:file:" + folder.resolve("store" + cuts);
    }

    @Override
    public WatermarkStore open(Clock clock) {
        return Stores.open(config(), clock);
    }

    WatermarkStore open(String name, Clock clock) {
        var url = "jdbc:h2:file:" + folder.resolve(name);
        return Stores.open(new StoreConfig(url, "sa", "", "gw1", true, 0, Duration.ofMinutes(15)), clock);
    }

    /// What a power cut leaves is what is in the file: the next store is a copy, taken while this one is open.
    @Override
    public void cut(WatermarkStore store) {
        try {
            Files.copy(file(cuts), file(cuts + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store.close();
        cuts++;
    }

    private Path file(int number) {
        return folder.resolve("store" + number + ".mv.db");
    }
}
