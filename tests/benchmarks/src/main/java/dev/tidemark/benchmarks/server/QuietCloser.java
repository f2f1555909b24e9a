package dev.tidemark.benchmarks.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Closes resources whose failure to close does not matter.
final class QuietCloser {
    private QuietCloser() {}

    static void close(Closeable channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Failed to close a connection.", e);
        }
    }
}
