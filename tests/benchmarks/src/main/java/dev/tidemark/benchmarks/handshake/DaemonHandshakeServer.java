package dev.tidemark.benchmarks.handshake;

import dev.tidemark.benchmarks.server.MeasuredDaemon;
import java.io.IOException;
import java.time.Duration;

/// The daemon, which stores each callback.
record DaemonHandshakeServer(MeasuredDaemon daemon) implements HandshakeServer {
    @Override
    public int port() {
        return daemon.listener().getPort();
    }

    @Override
    public Duration processorTime() {
        return daemon.processorTime();
    }

    @Override
    public void close() throws IOException {
        daemon.close();
    }
}
