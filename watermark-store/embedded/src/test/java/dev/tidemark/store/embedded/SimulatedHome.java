package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.StoreHome;
import dev.tidemark.log.LogConfig;
import dev.tidemark.log.LogDisk;
import dev.tidemark.log.SimulatedDisk;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.UnexpectedStoreException;
import dev.tidemark.store.WatermarkStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;

/// Stores with their log on a disk in memory, which forces without cost and fails on request. Their index is in a
/// folder.
final class SimulatedHome implements StoreHome {
    /// Small limits, so that many segments appear soon.
    static final LogConfig SMALL = new LogConfig(16 << 10, 2 << 10, Duration.ofHours(1), 40 << 10, 1);

    private final Path folder;
    private final LogConfig logConfig;
    private SimulatedDisk disk;

    SimulatedHome(Path folder) {
        this(folder, LogConfig.DEFAULT, new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE));
    }

    SimulatedHome(Path folder, LogConfig logConfig, SimulatedDisk disk) {
        this.folder = folder;
        this.logConfig = logConfig;
        this.disk = disk;
    }

    SimulatedDisk disk() {
        return disk;
    }

    /// Returns the file of the index.
    Path index() {
        return folder.resolve("store.index.mv.db");
    }

    /// Opens a store without periodic work.
    @Override
    public EmbeddedStore open(Clock clock) {
        return open(new EmbeddedStore.Dependencies(clock, new SecureRandom(), Duration.ofDays(1)));
    }

    EmbeddedStore open(EmbeddedStore.Dependencies surroundings) {
        return open(surroundings, disk);
    }

    /// @param on this disk, or a wrapper of it
    EmbeddedStore open(EmbeddedStore.Dependencies surroundings, LogDisk on) {
        var url = "jdbc:h2:file:" + folder.resolve("store");
        var config = new StoreConfig(url, "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
        try {
            return EmbeddedStore.open(config, surroundings, on, logConfig);
        } catch (UnexpectedStoreException e) {
            throw e.getCause() instanceof SimulatedDisk.PowerCut cut ? cut : e;
        }
    }

    @Override
    public void cut(WatermarkStore store) {
        cut();
        assertThatThrownBy(store::close).isInstanceOf(SimulatedDisk.PowerCut.class);
    }

    /// Cuts the power; the next store finds the contents of the disk.
    void cut() {
        var after = disk.afterPowerCut();
        disk.cutAfter(0);
        disk = after;
    }
}
