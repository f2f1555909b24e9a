package dev.tidemark.daemon.admin.stream;

import java.io.IOException;

/// Connection to the client of a stream.
@FunctionalInterface
public interface StreamOutput {
    /// Sends text at once. Blocks while the client does not read.
    ///
    /// @throws IOException if the client is gone, or has not read anything for too long
    void write(String text) throws IOException;
}
