package dev.tidemark.model;

import dev.tidemark.watermark.SteppedStore;
import dev.tidemark.watermark.StoreConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.h2.store.fs.FilePath;

/// A disk in memory with one H2 file, and what a killed daemon leaves on it: the file as it was at that
/// moment.
final class MemoryDisk implements AutoCloseable {
    private static final List<String> LOGS = List.of(".wal0", ".wal1");

    /// An empty store: making its tables takes longer than many a history.
    private static final byte[] EMPTY = empty();

    private final String name;
    private int deaths;

    /// @param name unlike that of any other disk of this JVM
    MemoryDisk(String name) {
        this.name = name;
        write(file(0), EMPTY);
    }

    private static byte[] empty() {
        try (var disk = new MemoryDisk()) {
            disk.open(Clock.systemUTC(), Duration.ZERO, new Random()).store().close();
            return read(disk.file(0));
        }
    }

    private MemoryDisk() {
        this.name = "empty";
    }

    SteppedStore open(Clock clock, Duration margin, Random ids) {
        return SteppedStore.open(
                new StoreConfig("jdbc:h2:file:" + base(deaths), "sa", "", "gw1", true, 0, margin),
                clock,
                ids,
                CoreSettings.CONNECTION);
    }

    /// From now on the disk is a copy that whoever has it open does not know of.
    void kill() {
        for (var suffix : LOGS) {
            write(FilePath.get(base(deaths + 1) + suffix), read(FilePath.get(base(deaths) + suffix)));
        }
        write(file(deaths + 1), read(file(deaths)));
        deaths++;
    }

    private static byte[] read(FilePath file) {
        try (var from = file.newInputStream()) {
            return from.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(FilePath file, byte[] bytes) {
        try (var to = file.newOutputStream(false)) {
            to.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        for (var file = 0; file <= deaths; file++) {
            file(file).delete();
            for (var suffix : LOGS) {
                FilePath.get(base(file) + suffix).delete();
            }
        }
    }

    private String base(int number) {
        return "memFS:" + name + "-" + number;
    }

    private FilePath file(int number) {
        return FilePath.get(base(number) + ".mv.db");
    }
}
