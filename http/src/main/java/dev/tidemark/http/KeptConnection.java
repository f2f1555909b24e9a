package dev.tidemark.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestWriterFactory;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;

/// Connection of a pool that records whether it is reused, and whether a byte has arrived since. Created by
/// [ConnectionReuse]. Used by one thread at a time; any thread may close it.
final class KeptConnection extends DefaultManagedHttpClientConnection {
    /// Limits of response heads. Receivers behind portals send policies and cookies of several KiB. The
    /// library's own limits are 8 KiB and 100; a response beyond them would count as missing and the event
    /// would be sent again forever.
    private static final Http1Config HEADS = Http1Config.custom()
            .setMaxLineLength(64 * 1024)
            .setMaxHeaderCount(300)
            .build();

    private static final AtomicLong NUMBERS = new AtomicLong();

    private boolean reused;
    private long receivedBefore;

    KeptConnection() {
        super(
                "http-outgoing-" + NUMBERS.getAndIncrement(),
                null,
                null,
                HEADS,
                null,
                null,
                new DefaultHttpRequestWriterFactory(HEADS),
                new DefaultHttpResponseParserFactory(HEADS));
    }

    /// Marks the connection as reused. Called by the pool when it hands out an open connection.
    @Override
    public void activate() {
        super.activate();
        reused = true;
        receivedBefore = received();
    }

    @Override
    public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
        try {
            super.sendRequestHeader(request);
        } catch (IOException e) {
            throw classified(e);
        }
    }

    @Override
    public void sendRequestEntity(ClassicHttpRequest request) throws HttpException, IOException {
        try {
            super.sendRequestEntity(request);
        } catch (IOException e) {
            throw classified(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            super.flush();
        } catch (IOException e) {
            throw classified(e);
        }
    }

    @Override
    public ClassicHttpResponse receiveResponseHeader() throws HttpException, IOException {
        try {
            return requireResponse(super.receiveResponseHeader());
        } catch (IOException e) {
            throw classified(e);
        }
    }

    /// Treats a 408 on a reused connection as stale. Some proxies send it before they close an unused
    /// connection. It means that no request arrived in time, so a request in flight may be repeated (RFC
    /// 9110, section 15.5.9).
    private ClassicHttpResponse requireResponse(ClassicHttpResponse response) throws StaleConnectionException {
        if (reused && response.getCode() == HttpStatus.SC_REQUEST_TIMEOUT) {
            throw new StaleConnectionException("the server had timed out the kept connection");
        }
        return response;
    }

    /// Returns a [StaleConnectionException] if the server ended a reused connection before the response
    /// began. A timeout may mean that the server works on the request. A connection that Tidemark closed
    /// itself proves nothing.
    private IOException classified(IOException failure) {
        var endedByServer = !(failure instanceof InterruptedIOException)
                && isOpen()
                && !Thread.currentThread().isInterrupted();
        return reused && endedByServer && received() == receivedBefore
                ? new StaleConnectionException("the server had closed the kept connection", failure)
                : failure;
    }

    private long received() {
        var details = getEndpointDetails();
        return details == null ? receivedBefore : details.getReceivedBytesCount();
    }
}
