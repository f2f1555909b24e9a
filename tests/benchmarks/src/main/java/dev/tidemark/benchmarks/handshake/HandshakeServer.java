package dev.tidemark.benchmarks.handshake;

import java.io.IOException;
import java.time.Duration;

/// Server whose new TLS connections are measured, in a separate process.
interface HandshakeServer extends AutoCloseable {
    int port();

    /// Returns the processor time of all its threads so far.
    Duration processorTime();

    @Override
    void close() throws IOException;
}
