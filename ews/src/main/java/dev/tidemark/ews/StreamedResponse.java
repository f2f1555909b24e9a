package dev.tidemark.ews;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpResponse;

/// Request whose response is read piece by piece, on a dedicated connection; created by [HttpTransport]. One thread
/// reads; any thread may close.
final class StreamedResponse implements AutoCloseable {
    private static final int OK = 200;

    private final PostRequest post;
    private final Set<StreamedResponse> open;
    private volatile InputStream content = InputStream.nullInputStream();

    StreamedResponse(PostRequest post, Set<StreamedResponse> open) {
        this.post = post;
        this.open = open;
    }

    /// Sends the request and waits for the headers. The result has a body only if the status is not 200;
    /// [#read] returns the body otherwise.
    HttpReply open() throws IOException {
        var response = post.withLogin(post::head, ClassicHttpResponse::getCode);
        if (response.getCode() != OK || response.getEntity() == null) {
            try {
                return post.reply(response);
            } catch (PostRequest.UnreadBodyException e) {
                return e.head();
            }
        }
        content = GzipBody.plain(response.getEntity().getContent());
        return new HttpReply(OK, PostRequest.headers(response), new byte[0]);
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
