package dev.tidemark.benchmarks.load;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Closes what can hardly fail to close.
final class QuietCloser {
    private QuietCloser() {}

    static void close(Closeable channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("A connection cannot be closed.", e);
        }
    }
}
