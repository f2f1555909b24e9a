package dev.tidemark.ews;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.StandardAuthScheme;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// HTTP by Apache HttpClient. It sends each request once, follows nothing, keeps no cookies: what to do next
/// is the caller's decision. Only a proxy that asks for credentials is asked twice; the server saw nothing
/// then.
final class HttpTransport implements AutoCloseable {
    /// More than any page of changes with a large sync state, and little enough for several at once.
    static final int MAX_ANSWER = 32 * 1024 * 1024;

    private final ConnectionConfig config;
    private final CloseableHttpClient http;
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();

    private HttpTransport(ConnectionConfig config, CloseableHttpClient http) {
        this.config = config;
        this.http = http;
    }

    /// Reads the stores; opens no connection.
    static HttpTransport over(ConnectionConfig config) {
        var timeout = Timeout.of(config.timeout());
        return new HttpTransport(
                config,
                builder(config, connections(config, timeout, config.concurrency()), timeout)
                        .build());
    }

    Post post(byte[] body, Map<String, String> headers) {
        return new Post(config, http, request(body, headers));
    }

    /// A request whose answer has no foreseeable end, on a connection of its own, so that it takes none from
    /// the others. The other side may be silent for as long as `silence`.
    Stream stream(byte[] body, Map<String, String> headers, Duration silence) {
        var timeout = Timeout.of(silence);
        var own = builder(config, connections(config, timeout, 1), timeout)
                // a compressor holds back what it has not filled a block with
                .disableContentCompression()
                .build();
        var stream = new Stream(new Post(config, own, request(body, headers)), streams);
        streams.add(stream);
        return stream;
    }

    private HttpPost request(byte[] body, Map<String, String> headers) {
        var post = new HttpPost(config.url());
        post.setEntity(new ByteArrayEntity(body, ContentType.TEXT_XML.withCharset(StandardCharsets.UTF_8)));
        headers.forEach(post::setHeader);
        return post;
    }

    @Override
    public void close() {
        streams.forEach(Stream::close);
        http.close(CloseMode.IMMEDIATE);
    }

    /// What an exchange ended by, if not by an answer.
    static EwsError failure(@Nullable Throwable cause) {
        return switch (cause) {
            case AnswerTooLargeException ignored -> HttpReactions.toUnreadable("it is too large.");
            case RefusingProxyException refusal -> HttpReactions.toRefusingProxy(refusal.status);
            case ConnectionRequestTimeoutException ignored -> HttpReactions.crowded();
            case IOException io -> HttpReactions.toFailure(io);
            case IllegalStateException ignored -> HttpReactions.closed();
            case null, default -> throw new IllegalStateException("A request could not be sent.", cause);
        };
    }

    private static PoolingHttpClientConnectionManager connections(ConnectionConfig config, Timeout silence, int most) {
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(most)
                .setMaxConnPerRoute(most)
                .setDefaultConnectionConfig(org.apache.hc.client5.http.config.ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(config.timeout()))
                        .setSocketTimeout(silence)
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .build());
        if (!config.tls().equals(Tls.USUAL)) {
            connections.setTlsSocketStrategy(ClientTlsStrategyBuilder.create()
                    .setSslContext(config.tls().context())
                    .buildClassic());
        }
        return connections.build();
    }

    private static HttpClientBuilder builder(
            ConnectionConfig config, PoolingHttpClientConnectionManager connections, Timeout silence) {
        var builder = HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(config.timeout()))
                        .setResponseTimeout(silence)
                        .setProxyPreferredAuthSchemes(List.of(StandardAuthScheme.DIGEST, StandardAuthScheme.BASIC))
                        .build())
                .setUserAgent("Tidemark")
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching();
        config.proxy().ifPresent(proxy -> {
            var host = new HttpHost("http", proxy.host(), proxy.port());
            builder.setProxy(host);
            var credentials = new BasicCredentialsProvider();
            proxy.login()
                    .ifPresent(login -> credentials.setCredentials(
                            new AuthScope(host),
                            new UsernamePasswordCredentials(
                                    login.username(), login.password().toCharArray())));
            builder.setDefaultCredentialsProvider(credentials);
        });
        return builder;
    }

    /// One request, to be executed once.
    static final class Post {
        private final ConnectionConfig config;
        private final CloseableHttpClient http;
        private final HttpPost post;
        private final HttpClientContext context = HttpClientContext.create();

        private Post(ConnectionConfig config, CloseableHttpClient http, HttpPost post) {
            this.config = config;
            this.http = http;
            this.post = post;
        }

        /// Waits for the whole answer.
        HttpReply execute() throws IOException {
            return http.execute(post, context, this::reply);
        }

        /// Ends the execution, from whichever thread.
        void cancel() {
            post.cancel();
        }

        /// The library gives a refused CONNECT out as the answer; no TLS was spoken then.
        private void requireServer(ClassicHttpResponse response) throws IOException {
            if (config.proxy().isPresent()
                    && "https".equalsIgnoreCase(config.url().getScheme())
                    && context.getSSLSession() == null) {
                throw new RefusingProxyException(response.getCode());
            }
        }

        private HttpReply reply(ClassicHttpResponse response) throws IOException {
            requireServer(response);
            var body = new byte[0];
            if (response.getEntity() != null) {
                body = response.getEntity().getContent().readNBytes(MAX_ANSWER + 1);
                if (body.length > MAX_ANSWER) {
                    // else the library would read the rest, to use the connection again
                    post.cancel();
                    throw new AnswerTooLargeException();
                }
            }
            return new HttpReply(
                    response.getCode(),
                    header(response, HttpHeaders.RETRY_AFTER),
                    header(response, HttpHeaders.DATE),
                    header(response, "X-CasErrorCode"),
                    header(response, HttpHeaders.LOCATION),
                    body);
        }

        private static Optional<String> header(ClassicHttpResponse response, String name) {
            return Optional.ofNullable(response.getFirstHeader(name))
                    .flatMap(header -> WireValues.text(header.getValue()));
        }
    }

    /// One request whose answer is read piece by piece. One thread reads; any thread may close.
    static final class Stream implements AutoCloseable {
        private final Post post;
        private final Set<Stream> open;
        private volatile InputStream content = InputStream.nullInputStream();

        private Stream(Post post, Set<Stream> open) {
            this.post = post;
            this.open = open;
        }

        /// Waits for the head of the answer. Only what is no success has a body here, else [#read] gives it.
        HttpReply open() throws IOException {
            var response = post.http.executeOpen(HttpHost.create(post.config.url()), post.post, post.context);
            if (response.getCode() != 200 || response.getEntity() == null) {
                return post.reply(response);
            }
            content = response.getEntity().getContent();
            return new HttpReply(200, Optional.empty(), Optional.empty(), Optional.empty(), new byte[0]);
        }

        int read(byte[] into) throws IOException {
            return content.read(into);
        }

        @Override
        public void close() {
            open.remove(this);
            post.cancel();
            post.http.close(CloseMode.IMMEDIATE);
        }
    }

    private static final class RefusingProxyException extends IOException {
        private static final long serialVersionUID = 1L;

        private final int status;

        private RefusingProxyException(int status) {
            this.status = status;
        }
    }

    private static final class AnswerTooLargeException extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
