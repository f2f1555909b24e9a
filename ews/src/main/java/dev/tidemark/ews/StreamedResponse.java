package dev.tidemark.ews;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/// Request whose response is read piece by piece, on a dedicated connection; created by [HttpTransport]. One
/// thread reads; any thread may close.
final class StreamedResponse implements AutoCloseable {
    private final PostRequest post;
    private final Set<StreamedResponse> open;
    private volatile InputStream content = InputStream.nullInputStream();

    StreamedResponse(PostRequest post, Set<StreamedResponse> open) {
        this.post = post;
        this.open = open;
    }

    /// Sends the request and waits for the headers. The result has a body only if the status is not 200;
    /// otherwise [#read] returns the body.
    HttpReply open() throws IOException {
        var opened = post.open();
        content = opened.content();
        return opened.head();
    }

    int read(byte[] into) throws IOException {
        return content.read(into);
    }

    @Override
    public void close() {
        open.remove(this);
        post.cancelAndClose();
    }
}
