package dev.tidemark.model;

import dev.tidemark.log.SimulatedDisk;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.embedded.SteppedStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// Disk in memory with the log of one store. A power cut tears, loses and reorders the writes that were not forced,
/// by random numbers from the history's seed. Not thread-safe; used by one history.
final class MemoryDisk implements StoreMedium {
    /// Names the indexes, which share the JVM.
    private static final AtomicLong OPENED = new AtomicLong();

    private SimulatedDisk disk;

    MemoryDisk(long seed) {
        this.disk = new SimulatedDisk(new Random(seed), SimulatedDisk.Lie.NONE);
    }

    @Override
    public Opened open(Clock clock, Duration margin, Random ids) {
        var opened = SteppedStore.open(
                new StoreConfig("jdbc:h2:file:./memory", "sa", "", "gw1", true, 0, margin),
                disk,
                "run-" + OPENED.incrementAndGet(),
                new SteppedStore.Surroundings(clock, ids, CoreSettings.CONNECTION));
        return new Opened(opened.store(), opened.fold());
    }

    /// Leaves a sound disk to the killed store. Its threads end later and must not fail a history.
    @Override
    public void kill() {
        var left = disk;
        disk = left.afterKill();
        left.heal();
    }

    @Override
    public void cutPower() {
        var left = disk;
        disk = left.afterPowerCut();
        left.heal();
    }

    @Override
    public void failWrites(int after, int count) {
        disk.failAfter(after, count);
    }

    @Override
    public void heal() {
        disk.heal();
    }
}
