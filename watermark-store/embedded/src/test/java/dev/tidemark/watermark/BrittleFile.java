package dev.tidemark.watermark;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// A file of a [BrittleDisk]: what programs see of it, what is safe, and what lies between.
final class BrittleFile {
    private sealed interface Step {
        record Write(ByteBuffer bytes, long position) implements Step {
            int length() {
                return bytes.capacity();
            }
        }

        record Truncate(long size) implements Step {}
    }

    final BrittleDisk disk;
    private final Image seen = new Image();
    private final Image safe = new Image();
    private final List<Step> pending = new ArrayList<>();

    BrittleFile(BrittleDisk disk) {
        this.disk = disk;
    }

    long size() {
        return seen.size;
    }

    void read(ByteBuffer into, long position) {
        var length = (int) Math.min(into.remaining(), seen.size - position);
        into.put(seen.bytes, (int) position, length);
    }

    void write(byte[] bytes, long position) {
        seen.write(ByteBuffer.wrap(bytes), 0, bytes.length, position);
        pending.add(new Step.Write(ByteBuffer.wrap(bytes), position));
    }

    void truncate(long size) {
        seen.truncate(size);
        pending.add(new Step.Truncate(size));
    }

    void force() {
        for (var step : pending) {
            switch (step) {
                case Step.Write write -> safe.write(write.bytes(), 0, write.length(), write.position());
                case Step.Truncate truncate -> safe.truncate(truncate.size());
            }
        }
        pending.clear();
    }

    void forgetForce() {
        pending.clear();
    }

    BrittleFile afterPowerCut(BrittleDisk next, BrittleDisk.Kept kept, Random random) {
        var file = new BrittleFile(next);
        file.safe.become(safe);
        switch (kept) {
            case NONE -> {}
            case ALL -> keep(file.safe, Set.of(), 1, random);
            case SOME -> keep(file.safe, Set.of(), random.nextDouble(), random);
            case WHOLE -> keepWhole(file.safe, random);
            case NEARLY_ALL -> keep(file.safe, lost(random), 1, random);
        }
        file.seen.become(file.safe);
        return file;
    }

    private Set<Integer> lost(Random random) {
        var sectors = pending.stream().mapToInt(BrittleFile::sectors).sum();
        var lost = new HashSet<Integer>();
        for (var i = random.nextInt(2); i >= 0 && sectors > 0; i--) {
            lost.add(random.nextInt(sectors));
        }
        return lost;
    }

    private static int sectors(Step step) {
        return step instanceof Step.Write write ? (write.length() + BrittleDisk.SECTOR - 1) / BrittleDisk.SECTOR : 1;
    }

    private void keep(Image image, Set<Integer> lost, double chance, Random random) {
        var number = 0;
        for (var step : pending) {
            switch (step) {
                case Step.Write write -> {
                    for (var from = 0; from < write.length(); from += BrittleDisk.SECTOR) {
                        var length = Math.min(BrittleDisk.SECTOR, write.length() - from);
                        if (!lost.contains(number++) && random.nextDouble() < chance) {
                            image.write(write.bytes(), from, length, write.position() + from);
                        }
                    }
                }
                case Step.Truncate truncate -> {
                    if (!lost.contains(number++) && random.nextDouble() < chance) {
                        image.truncate(truncate.size());
                    }
                }
            }
        }
    }

    private void keepWhole(Image image, Random random) {
        for (var step : pending) {
            if (random.nextBoolean()) {
                switch (step) {
                    case Step.Write write -> image.write(write.bytes(), 0, write.length(), write.position());
                    case Step.Truncate truncate -> image.truncate(truncate.size());
                }
            }
        }
    }

    private static final class Image {
        private byte[] bytes = new byte[1 << 16];
        private int size;

        void write(ByteBuffer from, int offset, int length, long position) {
            var end = (int) position + length;
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
            }
            from.get(offset, bytes, (int) position, length);
            size = Math.max(size, end);
        }

        void truncate(long newSize) {
            if (newSize < size) {
                Arrays.fill(bytes, (int) newSize, size, (byte) 0);
                size = (int) newSize;
            }
        }

        void become(Image other) {
            bytes = other.bytes.clone();
            size = other.size;
        }
    }
}
