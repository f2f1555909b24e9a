package dev.tidemark.daemon.admin.stream;

import java.io.IOException;

/// Body of a response that is written while events arrive. The server closes it in any case, also if it writes
/// nothing.
public interface StreamedBody extends AutoCloseable {
    /// Writes until the end of the stream. Blocks its thread, which should be virtual.
    ///
    /// @throws IOException if the client is gone
    void writeTo(StreamOutput output) throws IOException, InterruptedException;

    @Override
    void close();

    /// Connection to the client of a stream.
    @FunctionalInterface
    public interface StreamOutput {
        /// Sends text at once. Blocks while the client does not read.
        ///
        /// @throws IOException if the client is gone, or has not read anything for too long
        void write(String text) throws IOException;
    }
}
