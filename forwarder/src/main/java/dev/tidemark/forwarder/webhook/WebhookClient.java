package dev.tidemark.forwarder.webhook;

import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.targets.DeliveryResult.Stale;
import dev.tidemark.forwarder.targets.DeliveryResult.Status;
import dev.tidemark.forwarder.targets.DeliveryResult.TimedOut;
import dev.tidemark.forwarder.targets.EgressPolicy;
import dev.tidemark.forwarder.targets.EgressPolicy.RefusedAddressException;
import dev.tidemark.http.ConnectionReuse;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.http.StaleConnectionException;
import dev.tidemark.http.UserAgent;
import dev.tidemark.http.WebHost;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Posts to one webhook and converts every outcome to an [DeliveryResult]. Neither repeats requests nor follows
/// redirects. [ConnectionReuse] keeps connections. The timeout covers the whole request; the rest of a response
/// body that is late is dropped. The only class that uses HttpClient. Thread-safe.
final class WebhookClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookClient.class);

    /// Limit of response bytes to read in order to keep the connection.
    private static final int MAX_BODY_READ = 64 * 1024;

    private static final int MAX_BUFFER = 8 * 1024;

    /// Limit of bytes to keep of the body of a refused request.
    private static final int MAX_BODY_KEPT = RefusedResponse.MAX_BODY_BYTES;

    /// Limit of addresses of one name that are tried within the timeout. The first may be a machine that is
    /// switched off.
    private static final int ADDRESSES_TRIED = 3;

    private final URI url;
    private final Duration timeout;
    /// host and port of the proxy
    private final Optional<String> proxy;
    private final EgressPolicy egress;
    private final CloseableHttpClient http;
    private final RequestTimeoutWatcher deadlines;
    private volatile Optional<RefusedResponse> lastRefusal = Optional.empty();

    private WebhookClient(WebhookConfig config, Optional<String> proxy, EgressPolicy egress, CloseableHttpClient http) {
        this.url = config.url();
        this.timeout = config.timeout();
        this.proxy = proxy;
        this.egress = egress;
        this.http = http;
        this.deadlines = new RequestTimeoutWatcher(timeout, "webhook-deadlines");
    }

    /// Opens a client; connects on the first request.
    ///
    /// @param connections limit of connections, open or kept
    public static WebhookClient open(WebhookConfig config, EgressPolicy egress, int connections) {
        var timeout = Timeout.of(config.timeout());
        var proxy = config.proxy().or(egress::proxy);
        var resolver = new Checked(egress, proxy.isPresent());
        var requests = RequestConfig.custom()
                .setConnectionRequestTimeout(timeout)
                .setRedirectsEnabled(false)
                .build();
        var builder = ConnectionReuse.evicting(
                        ConnectionReuse.client(connections(config, resolver, connections), limits(timeout)))
                .setDefaultRequestConfig(requests)
                .setUserAgent(UserAgent.text())
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression();
        proxy.ifPresent(known -> useProxy(known, builder));
        return new WebhookClient(
                config, proxy.map(known -> known.host() + ":" + known.port()), egress, builder.build());
    }

    /// Sends requests through the proxy; https uses a tunnel. Sends credentials only after the proxy asks for
    /// them.
    private static void useProxy(ProxyConfig proxy, HttpClientBuilder builder) {
        var host = new HttpHost("http", proxy.host(), proxy.port());
        var credentials = new BasicCredentialsProvider();
        proxy.login()
                .ifPresent(login -> credentials.setCredentials(
                        new AuthScope(host),
                        new UsernamePasswordCredentials(
                                login.username(), login.password().toCharArray())));
        builder.setProxy(host).setDefaultCredentialsProvider(credentials);
    }

    private static ConnectionConfig limits(Timeout timeout) {
        return ConnectionReuse.limits()
                // no socket timeout: the deadline covers everything, and a read without a timeout needs one
                // system call instead of three
                .setConnectTimeout(Timeout.of(timeout.toDuration().dividedBy(ADDRESSES_TRIED)))
                .build();
    }

    private static PoolingHttpClientConnectionManagerBuilder connections(
            WebhookConfig config, DnsResolver resolver, int max) {
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(resolver)
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setHandshakeTimeout(Timeout.of(config.timeout()))
                        .build())
                .setMaxConnPerRoute(max)
                .setMaxConnTotal(max);
        config.tls()
                .ifPresent(tls -> connections.setTlsSocketStrategy(ClientTlsStrategyBuilder.create()
                        .setSslContext(tls.context())
                        .buildClassic()));
        return connections;
    }

    private record Checked(EgressPolicy egress, boolean isProxied) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            // with a proxy, only the proxy's name is resolved here, and its address is not checked
            return isProxied ? InetAddress.getAllByName(host) : egress.resolve(host);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    /// Blocks until the response and its body have ended or the body is too long, at most for the timeout.
    public DeliveryResult post(Map<String, String> headers, byte[] body) {
        return post(headers, body, HttpClientContext.create());
    }

    /// Does the same, but never on a kept connection.
    DeliveryResult postOnNewConnection(Map<String, String> headers, byte[] body) {
        return post(headers, body, ConnectionReuse.onNewConnection());
    }

    private DeliveryResult post(Map<String, String> headers, byte[] body, HttpClientContext context) {
        var request = new HttpPost(url);
        headers.forEach(request::setHeader);
        request.setEntity(new ByteArrayEntity(body, null));
        try (var watch = deadlines.watch(request::cancel)) {
            return execute(request, context, watch);
        }
    }

    private DeliveryResult execute(HttpPost request, HttpClientContext context, RequestTimeoutWatcher.Watch watch) {
        try {
            var response = open(request, context);
            var isOfProxy = cameFromProxy(response, context);
            var body = finish(request, response);
            return isOfProxy
                    ? new NoAnswer("the proxy responded " + response.getCode() + " in place of " + host())
                    : received(response, body);
        } catch (RefusedAddressException e) {
            return e.refusal();
        } catch (StaleConnectionException e) {
            return watch.isTimedOut() ? new TimedOut(timeout) : new Stale();
        } catch (InterruptedIOException e) {
            return watch.isTimedOut() || e instanceof SocketTimeoutException ? new TimedOut(timeout) : noAnswer(e);
        } catch (IOException e) {
            return watch.isTimedOut() ? new TimedOut(timeout) : noAnswer(e);
        } catch (IllegalStateException e) {
            // the library throws this if a request was canceled between two of its steps, or after its close
            LOG.debug("Request to {} was canceled", url.getRawAuthority(), e);
            return watch.isTimedOut() ? new TimedOut(timeout) : noAnswer(new InterruptedIOException(e.getMessage()));
        }
    }

    private ClassicHttpResponse open(HttpPost request, HttpClientContext context) throws IOException {
        if (proxy.isPresent()) {
            egress.requireAllowed(host());
        }
        return http.executeOpen(null, request, context);
    }

    private String host() {
        return WebHost.hostIn(url).orElse("");
    }

    /// Returns true for a refused CONNECT, which the library returns as the response; then no TLS session
    /// exists.
    private boolean cameFromProxy(ClassicHttpResponse response, HttpClientContext context) {
        return proxy.isPresent()
                && (response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED
                        || ("https".equalsIgnoreCase(url.getScheme()) && context.getSSLSession() == null));
    }

    /// Reads the body to keep the connection; its content changes nothing. A long body costs the connection, because
    /// closing the response alone would read all of it. Returns the beginning of the body.
    private static ByteArrayOutputStream finish(HttpPost request, ClassicHttpResponse response) {
        var beginning = new ByteArrayOutputStream(0);
        try (response) {
            if (!isAtEnd(response, beginning)) {
                request.cancel();
            }
        } catch (IOException e) {
            LOG.debug("Stopped reading the body of a response {}: {}", response.getCode(), e.getMessage());
        }
        return beginning;
    }

    private Status received(ClassicHttpResponse response, ByteArrayOutputStream body) {
        var code = response.getCode();
        var text = Status.isRefusal(code) ? text(body.toByteArray()) : "";
        var status = new Status(code, header(response, HttpHeaders.RETRY_AFTER), text);
        status.refusal().ifPresent(refusal -> lastRefusal = Optional.of(refusal));
        return status;
    }

    /// Decodes all but a last character that was cut. Replaces bytes that are not UTF-8.
    private static String text(byte[] beginning) {
        var text = CharBuffer.allocate(beginning.length);
        StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .decode(ByteBuffer.wrap(beginning), text, false);
        return text.flip().toString();
    }

    /// Returns the last response that was not a success, since the start.
    Optional<RefusedResponse> lastRefusal() {
        return lastRefusal;
    }

    private static boolean isAtEnd(ClassicHttpResponse response, ByteArrayOutputStream beginning) throws IOException {
        var entity = response.getEntity();
        if (entity == null) {
            return true;
        }
        var content = entity.getContent();
        var buffer = new byte[bufferSize(entity.getContentLength())];
        var read = 0;
        for (var total = 0; read >= 0 && total < MAX_BODY_READ; total += read) {
            read = content.read(buffer);
            beginning.write(buffer, 0, Math.clamp(read, 0, MAX_BODY_KEPT - beginning.size()));
        }
        return read < 0;
    }

    /// Returns a size that fits most bodies, which are empty or a word.
    private static int bufferSize(long length) {
        return length < 0 ? MAX_BUFFER : Math.clamp(length, 1, MAX_BUFFER);
    }

    private static Optional<String> header(ClassicHttpResponse response, String name) {
        return Optional.ofNullable(response.getFirstHeader(name)).map(header -> header.getValue());
    }

    private NoAnswer noAnswer(IOException e) {
        var peer = url.getRawAuthority();
        return new NoAnswer(proxy.map(via -> ConnectionFailureDescriber.textBehind(via, peer, e))
                .orElseGet(() -> ConnectionFailureDescriber.text(peer, e)));
    }

    /// Cancels requests in flight.
    @Override
    public void close() {
        deadlines.close();
        http.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
    }
}
