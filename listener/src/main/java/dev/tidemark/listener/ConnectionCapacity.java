package dev.tidemark.listener;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// Derives the limit of the listener's connections from memory and file descriptors. Used by [ListenerConfig].
final class ConnectionCapacity {
    /// Twice the memory of a connection that holds the largest head without a token: 65 KiB, over TLS about 80 KiB. So
    /// all connections together take at most half of the memory.
    static final long BYTES_PER_CONNECTION = 160 * 1024;

    private static final int MIN = 256;
    private static final int MAX = 10_000;

    private ConnectionCapacity() {}

    static int ofThisProcess() {
        return of(Runtime.getRuntime().maxMemory(), maxOpenFiles());
    }

    /// Returns the limit for this memory. Leaves half of the files to store and sinks.
    static int of(long memory, long files) {
        return Math.clamp(Math.min(memory / BYTES_PER_CONNECTION, files / 2), MIN, MAX);
    }

    private static long maxOpenFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }
}
