package dev.tidemark.store.embedded;

import dev.tidemark.contract.StoreHome;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/// Embedded stores in one folder.
final class EmbeddedHome implements StoreHome {
    private final Path folder;
    private int cuts;

    EmbeddedHome(Path folder) {
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
        return StoreFactory.open(config(), clock);
    }

    WatermarkStore open(String name, Clock clock) {
        var url = "jdbc:h2:file:" + folder.resolve(name);
        return StoreFactory.open(new StoreConfig(url, "sa", "", "gw1", true, 0, Duration.ofMinutes(15)), clock);
    }

    /// A power cut leaves the contents of the files. Copies them while this store is open; the next store opens
    /// the copy.
    @Override
    public void cut(WatermarkStore store) {
        try {
            copy("store" + cuts, "store" + (cuts + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store.close();
        cuts++;
    }

    /// Copies the current files of a store.
    void copy(String from, String to) throws IOException {
        var target = Files.createDirectories(log(to));
        try (var files = Files.list(log(from))) {
            for (var file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    /// Returns the folder of a store's log.
    Path log(String name) {
        return folder.resolve(name + ".store");
    }
}
