package dev.tidemark.ews;

import dev.tidemark.ews.login.BasicLogin;
import dev.tidemark.ews.login.ConnectionConfig;
import dev.tidemark.ews.login.ConnectionConfig.Auth;
import dev.tidemark.ews.login.HttpLogin;
import dev.tidemark.ews.login.KerberosLogin;
import dev.tidemark.ews.login.LoginFailedException;
import dev.tidemark.ews.login.NtlmLogin;
import dev.tidemark.ews.login.OAuthLogin;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.http.ConnectionReuse;
import dev.tidemark.http.StaleConnectionException;
import dev.tidemark.http.WebHost;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// Sends HTTP requests by Apache HttpClient. It sends each request once, follows no redirects and keeps no
/// cookies; the caller decides on the next step. Logins need more requests: a proxy that asks for credentials
/// gets the request twice, and a connection may begin with a handshake. A refused token is replaced once. A
/// request that may be repeated unchanged is sent again once if its kept connection turned out closed
/// ([ConnectionReuse]). Thread-safe.
public final class HttpTransport implements AutoCloseable {
    /// Limit of a body in bytes: larger than any page of changes with a large sync state, small enough for
    /// several at a time.
    public static final int MAX_RESPONSE = 32 * 1024 * 1024;

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
                ConnectionReuse.evicting(HttpClientFactory.builder(config, login, config.concurrency(), timeout))
                        .build());
    }

    PostRequest post(byte[] body, Map<String, String> headers, Repetition repetition) {
        var request = request(body, headers);
        request.setHeader(HttpHeaders.ACCEPT_ENCODING, "gzip");
        return new PostRequest(config, login, http, request, repetition);
    }

    /// Reaction to a kept connection that turns out closed before the first byte of the response.
    enum Repetition {
        /// The transport sends the request again at once, one time, on a new connection.
        AS_IT_IS,
        /// The caller makes another request.
        BY_CALLER,
        /// Does not occur, because the request uses a new connection.
        NOT_NEEDED;

        /// Lets the caller repeat a push subscription, because each one needs a separate callback URL.
        static Repetition of(EwsCall<?> call) {
            return call instanceof EwsRequest.SubscribePush ? BY_CALLER : AS_IT_IS;
        }
    }

    /// Prepares a request whose response has no foreseeable end. Uses a dedicated connection, so the pool keeps
    /// its own.
    ///
    /// @param silence time without a byte after which the request fails
    StreamedResponse stream(byte[] body, Map<String, String> headers, Duration silence) {
        var timeout = Timeout.of(silence);
        // no compression: a compressor delays data until its block is full
        var client = HttpClientFactory.builder(config, login, 1, timeout).build();
        var stream = new StreamedResponse(
                new PostRequest(config, login, client, request(body, headers), Repetition.AS_IT_IS), streams);
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
        try (var http = HttpClientFactory.builder(config, login, 1, timeout).build()) {
            return new PostRequest(config, login, http, post, Repetition.AS_IT_IS).once();
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
}
