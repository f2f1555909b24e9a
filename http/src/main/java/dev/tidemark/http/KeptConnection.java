package dev.tidemark.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultClassicHttpResponseFactory;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestWriterFactory;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.LazyLineParser;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/// Connection of a pool that records whether it is reused, and whether a byte has arrived since. Reads a response
/// whose head is unusual, and one that arrives before the request is sent. Created by [ConnectionReuse]. Used by
/// one thread at a time; any thread may close it.
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

    /// Failure to send the body of the current request.
    private @Nullable IOException sendFailure;

    KeptConnection() {
        super(
                "http-outgoing-" + NUMBERS.getAndIncrement(),
                null,
                null,
                HEADS,
                new ResponseLengthStrategy(),
                null,
                new DefaultHttpRequestWriterFactory(HEADS),
                new DefaultHttpResponseParserFactory(
                        HEADS, new LenientHeaderParser(), DefaultClassicHttpResponseFactory.INSTANCE));
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
        sendFailure = null;
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
            deferUntilResponse(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            super.flush();
        } catch (IOException e) {
            deferUntilResponse(e);
        }
    }

    @Override
    public ClassicHttpResponse receiveResponseHeader() throws HttpException, IOException {
        try {
            return requireResponse(closedAfterFailure(super.receiveResponseHeader()));
        } catch (IOException e) {
            throw classified(sendFailure == null ? e : sendFailure);
        }
    }

    /// Keeps a failure to send the body until the response was tried. A server that refuses a request, such as
    /// one that is too large, may respond and close the connection without reading the rest.
    private void deferUntilResponse(IOException failure) throws IOException {
        if (!isEndedByServer(failure)) {
            throw failure;
        }
        sendFailure = failure;
    }

    /// Returns the response; one to an incomplete request ends the connection.
    private ClassicHttpResponse closedAfterFailure(ClassicHttpResponse response) {
        if (sendFailure != null) {
            response.setHeader(HttpHeaders.CONNECTION, "close");
        }
        return response;
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
        return reused && isEndedByServer(failure) && received() == receivedBefore
                ? new StaleConnectionException("the server had closed the kept connection", failure)
                : failure;
    }

    private boolean isEndedByServer(IOException failure) {
        return !(failure instanceof InterruptedIOException)
                && isOpen()
                && !Thread.currentThread().isInterrupted();
    }

    private long received() {
        var details = getEndpointDetails();
        return details == null ? receivedBefore : details.getReceivedBytesCount();
    }

    /// Determines where the body of a response ends. Proxies repeat `Content-Length` and `Transfer-Encoding`,
    /// and some servers name the coding `identity`. The library refuses such a response as a whole, so its
    /// status would be lost. A length that stays unclear lasts until the server closes the connection.
    private static final class ResponseLengthStrategy implements ContentLengthStrategy {
        private static final int MAX_DIGITS = 18;

        @Override
        public long determineLength(HttpMessage response) {
            return isPlain(response)
                    ? Long.parseLong(
                            response.getFirstHeader(HttpHeaders.CONTENT_LENGTH).getValue())
                    : unusualLength(response);
        }

        /// Returns true for a single length, which every normal response to a delivery has.
        private static boolean isPlain(HttpMessage response) {
            return response.countHeaders(HttpHeaders.CONTENT_LENGTH) == 1
                    && response.countHeaders(HttpHeaders.TRANSFER_ENCODING) == 0
                    && isLength(
                            response.getFirstHeader(HttpHeaders.CONTENT_LENGTH).getValue());
        }

        /// Returns true for a number that a `long` holds.
        private static boolean isLength(String text) {
            var digits = 0;
            while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
                digits++;
            }
            return digits == text.length() && digits > 0 && digits <= MAX_DIGITS;
        }

        private static long unusualLength(HttpMessage response) {
            var codings = values(response, HttpHeaders.TRANSFER_ENCODING).stream()
                    .filter(coding -> !coding.equals("identity"))
                    .toList();
            if (!codings.isEmpty()) {
                return codings.getLast().equals("chunked") ? CHUNKED : UNDEFINED;
            }
            var lengths = values(response, HttpHeaders.CONTENT_LENGTH);
            return lengths.size() == 1 && isLength(lengths.getFirst()) ? Long.parseLong(lengths.getFirst()) : UNDEFINED;
        }

        /// Returns the distinct values of all headers of this name, in lower case.
        private static List<String> values(HttpMessage response, String name) {
            return Arrays.stream(response.getHeaders(name))
                    .flatMap(header -> Arrays.stream(header.getValue().split(",", -1)))
                    .map(value -> value.strip().toLowerCase(Locale.ROOT))
                    .filter(value -> !value.isEmpty())
                    .distinct()
                    .toList();
        }
    }

    /// Parses the lines of a response head. A line without a name or a colon affects no other line: a value
    /// with a line break in it looks so.
    private static final class LenientHeaderParser extends LazyLineParser {
        @Override
        public Header parseHeader(CharArrayBuffer line) {
            try {
                return super.parseHeader(line);
            } catch (ParseException noHeader) {
                return new BasicHeader("X-Unreadable", "");
            }
        }
    }
}
