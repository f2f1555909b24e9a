package dev.tidemark.ews;

import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.config.EwsTlsConfig;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.http.ConnectionReuse;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.http.StaleConnectionException;
import dev.tidemark.http.UserAgent;
import dev.tidemark.http.WebHost;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.StandardAuthScheme;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Creates the HTTP requests of a connection, and the clients of Apache HttpClient that send them. A client sends
/// each request once, follows no redirects and keeps no cookies; the caller decides on the next step. Logins need
/// more requests: a proxy that asks for credentials gets the request twice, and a connection may begin with a
/// handshake. A refused token is replaced once. A request that may be repeated unchanged is sent again once if its
/// kept connection turned out closed ([ConnectionReuse]). Thread-safe.
final class HttpTransport implements AutoCloseable {
    /// Limit of addresses of one name that are tried within one timeout. The first may be a server that is
    /// switched off.
    private static final int ADDRESSES_TRIED = 3;

    private final ConnectionConfig config;
    private final HttpLogin login;
    private final CloseableHttpClient http;
    private final Set<StreamedResponse> streams = ConcurrentHashMap.newKeySet();

    private HttpTransport(ConnectionConfig config, HttpLogin login, CloseableHttpClient http) {
        this.config = config;
        this.login = login;
        this.http = http;
    }

    /// Creates a transport. Reads the stores; opens no connection.
    static HttpTransport over(ConnectionConfig config, Clock clock) {
        var timeout = Timeout.of(config.timeout());
        var login = login(config, clock);
        return new HttpTransport(
                config,
                login,
                ConnectionReuse.evicting(builder(config, login, config.concurrency(), timeout))
                        .build());
    }

    PostRequest post(byte[] body, Map<String, String> headers, RequestRepetition repetition) {
        var request = request(body, headers);
        request.setHeader(HttpHeaders.ACCEPT_ENCODING, "gzip");
        return new PostRequest(config, login, http, request, repetition);
    }

    /// Prepares a request whose response has no foreseeable end. Uses a dedicated connection, so the pool keeps
    /// its own.
    ///
    /// @param silence time without a byte after which the request fails
    StreamedResponse stream(byte[] body, Map<String, String> headers, Duration silence) {
        var timeout = Timeout.of(silence);
        // no compression: a compressor delays data until its block is full
        var client = builder(config, login, 1, timeout).build();
        var stream = new StreamedResponse(
                new PostRequest(config, login, client, request(body, headers), RequestRepetition.AS_IT_IS), streams);
        streams.add(stream);
        return stream;
    }

    private static HttpLogin login(ConnectionConfig config, Clock clock) {
        var host = WebHost.textIn(config.url());
        return switch (config.auth()) {
            case Auth.None ignored -> BasicLogin.none();
            case Auth.Basic basic -> BasicLogin.of(basic);
            case Auth.Ntlm ntlm -> new NtlmLogin(ntlm, host, clock);
            case Auth.Kerberos kerberos -> new KerberosLogin(kerberos, host, clock);
            case Auth.OAuth2 oauth ->
                new OAuthLogin(
                        new TokenEndpointClient(
                                oauth,
                                oauth.scopeAt(config.url()),
                                form -> sendForm(config, oauth.tokenUrl(), form),
                                clock),
                        clock);
        };
    }

    /// Sends a form to the token endpoint. Keeps no connection, because tokens are requested rarely.
    private static HttpReply sendForm(ConnectionConfig config, URI url, byte[] form) throws IOException {
        var timeout = Timeout.of(config.timeout());
        var login = BasicLogin.none();
        var post = new HttpPost(url);
        post.setEntity(new ByteArrayEntity(form, ContentType.APPLICATION_FORM_URLENCODED.withCharset((Charset) null)));
        post.setHeader(HttpHeaders.ACCEPT, "application/json");
        try (var http = builder(config, login, 1, timeout).build()) {
            return new PostRequest(config, login, http, post, RequestRepetition.AS_IT_IS).once();
        }
    }

    private HttpPost request(byte[] body, Map<String, String> headers) {
        var post = new HttpPost(config.url());
        post.setEntity(new ByteArrayEntity(body, ContentType.TEXT_XML.withCharset(StandardCharsets.UTF_8)));
        headers.forEach(post::setHeader);
        return post;
    }

    @Override
    public void close() {
        streams.forEach(StreamedResponse::close);
        http.close(CloseMode.IMMEDIATE);
    }

    /// Returns the error of a request that ended without a response.
    static EwsError failure(@Nullable Throwable cause) {
        return switch (cause) {
            case LoginFailedException failed -> failed.error();
            case StaleConnectionException ignored -> HttpErrorClassifier.stale();
            case ResponseTooLargeException ignored -> HttpErrorClassifier.tooLarge();
            case RefusingProxyException refusal -> HttpErrorClassifier.forRefusingProxy(refusal.status());
            case ConnectionRequestTimeoutException ignored -> HttpErrorClassifier.poolExhausted();
            case IOException io -> HttpErrorClassifier.forFailure(io);
            case IllegalStateException ignored -> HttpErrorClassifier.closed();
            case null, default -> throw new IllegalStateException("A request could not be sent.", cause);
        };
    }

    private static PoolingHttpClientConnectionManagerBuilder connections(ConnectionConfig config, int maxConnections) {
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setHandshakeTimeout(Timeout.of(config.timeout()))
                        .build())
                .setMaxConnTotal(maxConnections)
                .setMaxConnPerRoute(maxConnections);
        if (!config.tls().equals(EwsTlsConfig.DEFAULT)) {
            connections.setTlsSocketStrategy(ClientTlsStrategyBuilder.create()
                    .setSslContext(config.tls().context())
                    .buildClassic());
        }
        return connections;
    }

    /// Returns a client of this connection, to be completed by the caller.
    ///
    /// @param silence time without a byte after which a request fails
    private static HttpClientBuilder builder(
            ConnectionConfig config, HttpLogin login, int maxConnections, Timeout silence) {
        var limits = ConnectionReuse.limits()
                .setConnectTimeout(Timeout.of(config.timeout().dividedBy(ADDRESSES_TRIED)))
                .setSocketTimeout(silence)
                .build();
        var builder = ConnectionReuse.client(connections(config, maxConnections), limits)
                // all connections of a pool belong to one account, whatever state the library recorded
                .disableConnectionState()
                .setDefaultRequestConfig(requests(config, silence))
                .setUserAgent(UserAgent.text())
                // GzipBody decompresses: the library fails on unknown codings and on empty bodies
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching();
        if (login instanceof HttpLogin.PerConnection handshakes) {
            builder.setRequestExecutor(new LoginRequestExecutor(handshakes));
        }
        config.proxy().ifPresent(proxy -> useProxy(builder, proxy));
        return builder;
    }

    private static RequestConfig requests(ConnectionConfig config, Timeout silence) {
        return RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.of(config.timeout()))
                .setResponseTimeout(silence)
                .setProxyPreferredAuthSchemes(List.of(StandardAuthScheme.DIGEST, StandardAuthScheme.BASIC))
                .build();
    }

    private static void useProxy(HttpClientBuilder builder, ProxyConfig proxy) {
        var host = new HttpHost("http", proxy.host(), proxy.port());
        builder.setProxy(host);
        var credentials = new BasicCredentialsProvider();
        proxy.login()
                .ifPresent(known -> credentials.setCredentials(
                        new AuthScope(host),
                        new UsernamePasswordCredentials(
                                known.username(), known.password().toCharArray())));
        builder.setDefaultCredentialsProvider(credentials);
    }
}
