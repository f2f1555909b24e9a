package dev.tidemark.log;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;

/// Measures appends, starts, replay and reads by position of the log. A main program, not a test. Its arguments
/// are an empty directory, the number of records and the size of their payloads.
final class LogRates {
    private LogRates() {}

    public static void main(String[] args) throws Exception {
        var directory = Files.createDirectories(Path.of(args[0]));
        var count = Integer.parseInt(args[1]);
        var payload = new byte[Integer.parseInt(args[2])];
        var begin = System.nanoTime();
        try (var log = open(directory)) {
            begin = report("first start", begin, 1);
            append(log, count, payload);
        }
        begin = System.nanoTime();
        try (var log = open(directory)) {
            begin = report("start, all checked", begin, 1);
            var records = 0;
            try (var cursor = log.readFrom(1)) {
                while (cursor.next().isPresent()) {
                    records++;
                }
            }
            begin = report("replay", begin, records);
            var found = 0;
            for (long position = 0; position < count; position++) {
                found += log.recordAfter(position).orElseThrow().events();
            }
            begin = report("reads by position, in order", begin, count);
            for (long position = 0; position < count; ) {
                var batch = log.recordsAfter(position, Long.MAX_VALUE, 64);
                position = batch.getLast().position();
                found += batch.size();
            }
            begin = report("the same, 64 at once", begin, count);
            for (var i = 0; i < 10_000; i++) {
                found += log.recordAfter(i * 7919L % count).orElseThrow().events();
            }
            report("reads by position, at random", begin, found - 2 * count);
        }
    }

    private static void append(SegmentedLog log, int count, byte[] payload) {
        var times = new long[count];
        var begin = System.nanoTime();
        for (var i = 0; i < count; i++) {
            var before = System.nanoTime();
            log.append(i + 1, 1, i, payload);
            times[i] = System.nanoTime() - before;
        }
        report("appends", begin, count);
        Arrays.sort(times);
        System.out.printf(
                "append p50 %.3f p99 %.3f p99.9 %.3f max %.3f ms%n",
                times[count / 2] / 1e6,
                times[(int) (count * 0.99)] / 1e6,
                times[(int) (count * 0.999)] / 1e6,
                times[count - 1] / 1e6);
    }

    private static long report(String what, long begin, int count) {
        var now = System.nanoTime();
        System.out.printf(
                "%s: %.1f ms, %.1f us each%n", what, (now - begin) / 1e6, (now - begin) / 1e3 / Math.max(1, count));
        return now;
    }

    private static SegmentedLog open(Path directory) {
        return SegmentedLog.open(new FileLogDisk(directory), LogConfig.DEFAULT, InstantSource.system());
    }
}
