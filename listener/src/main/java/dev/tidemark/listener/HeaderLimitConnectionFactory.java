package dev.tidemark.listener;

import dev.tidemark.listener.jetty.SerialHttpConnection;
import dev.tidemark.listener.jetty.SerialHttpConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;

/// Creates HTTP connections that limit the size and number of headers. [CallbackServer] gives it to Jetty.
final class HeaderLimitConnectionFactory extends SerialHttpConnectionFactory {
    /// Leaves room for headers that proxies add: Envoy forwards the whole certificate chain of a client.
    private static final int MAX_HEADER_BYTES = 32 * 1024;

    /// Limits the headers and trailers of a request. A header of a few bytes takes more than a hundred in memory, so
    /// the limit of bytes alone would let a request without a token take a megabyte.
    private static final int MAX_HEADERS = 200;

    /// Accepts any Host, because only the path routes. A proxy may leave Host empty, name itself there, or send
    /// an absolute target, which overrides Host (RFC 9112, section 3.2.2).
    private static final HttpCompliance ANY_HOST = HttpCompliance.RFC9110.with(
            "any-host", HttpCompliance.Violation.UNSAFE_HOST_HEADER, HttpCompliance.Violation.MISMATCHED_AUTHORITY);

    HeaderLimitConnectionFactory() {
        super(httpConfiguration());
    }

    private static HttpConfiguration httpConfiguration() {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        // paths are compared as sent, so an ambiguous path is simply unknown
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setHttpCompliance(ANY_HOST);
        return http;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return configure(new CountingConnection(getHttpConfiguration(), connector, endPoint), connector, endPoint);
    }

    /// Rejects requests with more than [#MAX_HEADERS] headers. Jetty limits their bytes only.
    private static final class CountingConnection extends SerialHttpConnection {
        CountingConnection(HttpConfiguration config, Connector connector, EndPoint endPoint) {
            super(config, connector, endPoint);
        }

        @Override
        protected RequestHandler newRequestHandler() {
            return new CountingRequestHandler();
        }

        private final class CountingRequestHandler extends RequestHandler {
            private int count;

            @Override
            public void messageBegin() {
                count = 0;
                super.messageBegin();
            }

            @Override
            public void parsedHeader(HttpField field) {
                requireFew();
                super.parsedHeader(field);
            }

            @Override
            public void parsedTrailer(HttpField field) {
                requireFew();
                super.parsedTrailer(field);
            }

            private void requireFew() {
                if (++count > MAX_HEADERS) {
                    throw new HttpException.RuntimeException(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431);
                }
            }
        }
    }
}
