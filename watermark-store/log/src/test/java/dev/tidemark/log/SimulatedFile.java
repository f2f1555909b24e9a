package dev.tidemark.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// File of a [SimulatedDisk]. Holds the bytes that programs see, the bytes on the disk, and the writes not yet
/// forced.
final class SimulatedFile {
    @SuppressWarnings("ArrayRecordComponent") // never changed
    private record Write(byte[] bytes, int offset) {}

    private static final int SECTOR = 512;

    private final SimulatedDisk disk;
    private byte[] seen = new byte[0];
    private byte[] safe = new byte[0];
    private final List<Write> pending = new ArrayList<>();

    SimulatedFile(SimulatedDisk disk) {
        this.disk = disk;
    }

    /// @param bytes never changed
    SimulatedFile(SimulatedDisk disk, byte[] bytes) {
        this.disk = disk;
        this.seen = bytes;
        this.safe = bytes;
    }

    long size() {
        return seen.length;
    }

    byte[] bytes() {
        return seen.clone();
    }

    /// Returns a copy with all writes, also those that are not forced.
    SimulatedFile copy(SimulatedDisk next) {
        var file = new SimulatedFile(next);
        file.seen = seen.clone();
        file.safe = safe.clone();
        file.pending.addAll(pending);
        return file;
    }

    SimulatedFile afterPowerCut(SimulatedDisk next, double chance) {
        var file = new SimulatedFile(next);
        keep(chance);
        file.seen = safe.clone();
        file.safe = safe.clone();
        return file;
    }

    void keepAll() {
        for (var write : pending) {
            safe = written(safe, write.bytes(), 0, write.offset(), write.bytes().length);
        }
        pending.clear();
    }

    private void keep(double chance) {
        if (chance == 1) {
            keepAll();
        }
        for (var write : pending) {
            for (var from = 0; from < write.bytes().length; from += SECTOR) {
                var length = Math.min(SECTOR, write.bytes().length - from);
                var draw = disk.random.nextDouble();
                var kept = draw < chance ? length : draw < chance + 0.02 ? disk.random.nextInt(length) : 0;
                safe = written(safe, write.bytes(), from, write.offset() + from, kept);
            }
        }
        pending.clear();
    }

    private static byte[] written(byte[] into, byte[] bytes, int from, int offset, int length) {
        var result = length > 0 && offset + length > into.length ? Arrays.copyOf(into, offset + length) : into;
        System.arraycopy(bytes, from, result, length > 0 ? offset : 0, length);
        return result;
    }

    DiskFile opened() {
        return new Opened();
    }

    private final class Opened implements DiskFile {
        @Override
        public void read(ByteBuffer into, long offset) {
            synchronized (disk) {
                var length = (int) Math.max(0, Math.min(into.remaining(), seen.length - offset));
                into.put(seen, length > 0 ? (int) offset : 0, length);
            }
        }

        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
            var copy = new byte[bytes.remaining()];
            bytes.get(copy);
            synchronized (disk) {
                try {
                    disk.step();
                    disk.use(offset + copy.length - seen.length);
                } catch (IOException e) {
                    add(Arrays.copyOf(copy, disk.random.nextInt(copy.length)), offset);
                    throw e;
                }
                add(copy, offset);
            }
        }

        private void add(byte[] bytes, long offset) {
            seen = written(seen, bytes, 0, (int) offset, bytes.length);
            pending.add(new Write(bytes, (int) offset));
        }

        /// Drops unwritten bytes if the force fails, as Linux does. Reads still return them, but the disk lacks
        /// them.
        @Override
        public void force() throws IOException {
            synchronized (disk) {
                try {
                    disk.stepForce();
                } catch (IOException e) {
                    keep(disk.random.nextDouble());
                    throw e;
                }
                if (!disk.forgetsForce(SimulatedFile.this)) {
                    keepAll();
                }
            }
        }

        @Override
        public long size() {
            synchronized (disk) {
                return seen.length;
            }
        }

        @Override
        public void close() {
            // holds no resources
        }
    }
}
