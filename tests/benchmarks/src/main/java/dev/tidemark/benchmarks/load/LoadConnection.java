package dev.tidemark.benchmarks.load;

import java.io.IOException;

/// A connection's worth of traffic: one request under way at a time. Used by the driver's thread.
interface LoadConnection {
    /// Sends what `request` holds up to `length`; `listener` hears once what becomes of it.
    void send(byte[] request, int length) throws IOException;

    /// Its channel can be used again.
    void ready() throws IOException;

    void close();

    /// Hears of answers.
    interface Listener {
        void answered(ResponseReader response) throws IOException;

        void failed(IOException why);
    }
}
