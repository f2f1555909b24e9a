package dev.tidemark.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Measures one appending thread: rate and latency of append and force, and bytes that the device writes per
/// record. Compares a growing file, a file filled with zeros ahead, and a recycled file, alone and beside another
/// writer on the same disk. A main program, not a test: `java -cp h2.jar AppendRates.java DIRECTORY ROUNDS
/// SECONDS DEVICE`.
final class AppendRates {
    private enum Growth {
        GROWING,
        ZERO_FILLED,
        RECYCLED
    }

    private enum Neighbor {
        NONE,
        SNAPSHOT,
        H2
    }

    private record Case(Growth growth, int size, Neighbor neighbor) implements Comparable<Case> {
        @Override
        public int compareTo(Case other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return "%-8s %5d %-11s".formatted(neighbor, size, growth);
        }
    }

    private record Result(double rate, double p50, double p99, double p999, double max, double bytes) {}

    private static final int SEGMENT = 32 << 20;
    private static final int STEP = 1 << 20;

    private final Path home;
    private final long seconds;
    private final Path device;

    private AppendRates(Path home, long seconds, Path device) {
        this.home = home;
        this.seconds = seconds;
        this.device = device;
    }

    public static void main(String[] args) throws Exception {
        var rates = new AppendRates(
                Files.createDirectories(Path.of(args[0])),
                Long.parseLong(args[2]),
                Path.of("/sys/block", args[3], "stat"));
        var results = new TreeMap<Case, List<Result>>();
        for (var round = 0; round < Integer.parseInt(args[1]); round++) {
            for (var neighbor : Neighbor.values()) {
                for (var size : new int[] {512, 2560}) {
                    for (var growth : Growth.values()) {
                        var one = new Case(growth, size, neighbor);
                        var result = rates.measure(one);
                        System.out.println(one + " " + result);
                        results.computeIfAbsent(one, _ -> new ArrayList<>()).add(result);
                    }
                }
            }
        }
        System.out.println(
                "| neighbor, size, file | records/s | p50 ms | p99 ms | p99.9 ms | max ms | device bytes/record |");
        results.forEach((one, all) -> System.out.printf(
                "| %s | %.0f | %.2f | %.2f | %.2f | %.1f | %.0f |%n",
                one,
                median(all.stream().mapToDouble(Result::rate).toArray()),
                median(all.stream().mapToDouble(Result::p50).toArray()),
                median(all.stream().mapToDouble(Result::p99).toArray()),
                median(all.stream().mapToDouble(Result::p999).toArray()),
                median(all.stream().mapToDouble(Result::max).toArray()),
                median(all.stream().mapToDouble(Result::bytes).toArray())));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private Result measure(Case one) throws Exception {
        for (var file : home.toFile().listFiles()) {
            file.delete();
        }
        if (one.growth() == Growth.RECYCLED) {
            for (var i = 0; i < 8; i++) {
                spare(i);
            }
        }
        new ProcessBuilder("sync").inheritIO().start().waitFor();
        var stopped = new AtomicBoolean();
        var neighbor = Thread.ofPlatform().start(() -> neighbor(one.neighbor(), stopped));
        if (one.neighbor() != Neighbor.NONE) {
            TimeUnit.SECONDS.sleep(2);
        }
        try {
            return run(one);
        } finally {
            stopped.set(true);
            neighbor.join();
        }
    }

    private Result run(Case one) throws IOException {
        var written = sectors();
        var times = new long[1 << 20];
        var count = 0;
        var record = ByteBuffer.allocateDirect(one.size());
        while (record.hasRemaining()) {
            record.put((byte) (record.position() * 31));
        }
        var begin = System.nanoTime();
        var end = begin + TimeUnit.SECONDS.toNanos(seconds);
        var file = begin(0, one.growth());
        var number = 0;
        long at = 512;
        long filled = file.size();
        for (var now = begin; now < end; ) {
            if (at + one.size() > SEGMENT) {
                file.close();
                file = begin(++number, one.growth());
                filled = file.size();
                at = 512;
            }
            if (one.growth() == Growth.ZERO_FILLED && at + one.size() > filled) {
                file.write(ByteBuffer.allocate(STEP), filled);
                file.force(false);
                filled += STEP;
            }
            file.write(record.clear(), at);
            file.force(false);
            at += one.size();
            var next = System.nanoTime();
            times[count++] = next - now;
            now = next;
        }
        file.close();
        var bytes = (sectors() - written) * 512.0 / count;
        var sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        return new Result(
                count / (double) seconds, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1), bytes);
    }

    private static double at(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
    }

    private FileChannel begin(int number, Growth growth) throws IOException {
        var name = growth == Growth.RECYCLED ? "spare-" + number : "next.tmp";
        var file = FileChannel.open(
                home.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
        file.write(ByteBuffer.allocate(512), 0);
        file.force(false);
        Files.move(home.resolve(name), home.resolve("segment-" + number), StandardCopyOption.ATOMIC_MOVE);
        try (var directory = FileChannel.open(home, StandardOpenOption.READ)) {
            directory.force(true);
        }
        return file;
    }

    private void spare(int number) throws IOException {
        try (var file = FileChannel.open(
                home.resolve("spare-" + number), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var bytes = new byte[STEP];
            new Random(number).nextBytes(bytes);
            for (long at = 0; at < SEGMENT; at += STEP) {
                file.write(ByteBuffer.wrap(bytes), at);
            }
            file.force(true);
        }
    }

    private long sectors() throws IOException {
        return Long.parseLong(Files.readString(device).trim().split("\\s+", -1)[6]);
    }

    private void neighbor(Neighbor neighbor, AtomicBoolean stopped) {
        try {
            switch (neighbor) {
                case NONE -> {}
                case SNAPSHOT -> snapshots(stopped);
                case H2 -> updates(stopped);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void snapshots(AtomicBoolean stopped) throws IOException {
        var slice = ByteBuffer.allocateDirect(256 << 10);
        while (!stopped.get()) {
            var path = home.resolve("snapshot.tmp");
            Files.deleteIfExists(path);
            try (var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                for (var i = 0; i < 800 && !stopped.get(); i++) {
                    file.write(slice.clear());
                    file.force(false);
                }
            }
        }
    }

    /// Updates 2,000 rows per second in 100 transactions, without CHECKPOINT.
    private void updates(AtomicBoolean stopped) throws Exception {
        try (var connection =
                DriverManager.getConnection("jdbc:h2:file:" + home.resolve("h2").toAbsolutePath())) {
            try (var statement = connection.createStatement()) {
                statement.execute("create table t(id int primary key, text varchar(1000))"
                        + " as select x, repeat('a', 300) from system_range(1, 50000)");
            }
            connection.setAutoCommit(false);
            update(connection, stopped);
        }
    }

    private static void update(Connection connection, AtomicBoolean stopped) throws Exception {
        try (var update = connection.prepareStatement("update t set text = ? where id = ?")) {
            var random = new Random(1);
            for (var due = System.nanoTime(); !stopped.get(); due += 10_000_000) {
                for (var i = 0; i < 20; i++) {
                    update.setString(1, Long.toString(random.nextLong()).repeat(15));
                    update.setInt(2, 1 + random.nextInt(50_000));
                    update.executeUpdate();
                }
                connection.commit();
                TimeUnit.NANOSECONDS.sleep(due + 10_000_000 - System.nanoTime());
            }
        }
    }
}
