package dev.tidemark.benchmarks.server;

import java.io.IOException;

/// Connection with one request in flight at a time. Not thread-safe; used by the generator's thread.
interface LoadConnection {
    /// Sends the first `length` bytes of `request`; `listener` is notified once of the outcome.
    void send(byte[] request, int length) throws IOException;

    /// Handles readiness of its channel.
    void ready() throws IOException;

    void close();

    /// Receives outcomes of requests.
    interface Listener {
        void onResponse(ResponseReader response) throws IOException;

        void failed(IOException why);
    }
}
