package dev.tidemark.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/// Duration of a 4 KiB write at the end of a file and its force.
record DiskProbe(int samples, double p50Millis, double p99Millis) {
    private static final int BLOCK = 4096;

    static DiskProbe in(Path folder, Duration time) throws IOException {
        var file = folder.resolve("probe");
        var histogram = new Histogram(3);
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var block = ByteBuffer.allocateDirect(BLOCK);
            for (var end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
                var start = System.nanoTime();
                channel.write(block.clear());
                channel.force(false);
                histogram.recordValue(System.nanoTime() - start);
            }
        }
        Files.delete(file);
        return new DiskProbe(
                Math.toIntExact(histogram.getTotalCount()),
                histogram.getValueAtPercentile(50) / 1e6,
                histogram.getValueAtPercentile(99) / 1e6);
    }
}
