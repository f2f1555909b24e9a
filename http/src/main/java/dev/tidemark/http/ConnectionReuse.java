package dev.tidemark.http;

import java.io.IOException;
import java.time.Duration;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/// Sets the policy for kept connections on every HTTP client of Tidemark. Closes a connection after [#IDLE],
/// after [#MAX_LIFETIME], or shortly before the time that the server names in `Keep-Alive`. Checks an idle
/// connection before use. A request whose kept connection ends without a byte of the response fails with
/// [StaleConnectionException]; its caller sends it again once, with [#onNewConnection]. The library itself
/// repeats no request and follows no redirect. Thread-safe.
public final class ConnectionReuse {
    /// Shorter than the idle timeouts of common load balancers (60 s and more).
    public static final Duration IDLE = Duration.ofSeconds(30);

    /// Causes names to be resolved, and addresses to be checked, again from time to time.
    private static final Duration MAX_LIFETIME = Duration.ofMinutes(5);

    /// A check takes a millisecond if the connection is fine; a busy connection needs none.
    private static final Duration VALIDATE_AFTER = Duration.ofMillis(10);

    /// Time that a request needs to arrive before the server's own timeout ends.
    private static final Duration ARRIVAL = Duration.ofSeconds(1);

    private static final String NEW_CONNECTION = "tidemark.new-connection";

    private ConnectionReuse() {}

    /// Returns the settings of a client's connections, to be completed by the caller.
    public static ConnectionConfig.Builder limits() {
        return ConnectionConfig.custom()
                .setIdleTimeout(Timeout.of(IDLE))
                .setTimeToLive(TimeValue.of(MAX_LIFETIME))
                .setValidateAfterInactivity(TimeValue.of(VALIDATE_AFTER));
    }

    /// Returns a client that keeps its connections by this policy, within `limits`, to be completed by the
    /// caller.
    public static HttpClientBuilder client(
            PoolingHttpClientConnectionManagerBuilder connections, ConnectionConfig limits) {
        return HttpClients.custom()
                .setConnectionManager(connections
                        .setConnectionFactory(socket -> new KeptConnection())
                        .setDefaultConnectionConfig(limits)
                        .build())
                .setConnectionReuseStrategy(ConnectionReuse::isKept)
                .setKeepAliveStrategy(ConnectionReuse::keepAlive)
                .addExecInterceptorBefore(ChainElement.CONNECT.name(), NEW_CONNECTION, ConnectionReuse::execute)
                .disableAutomaticRetries()
                .disableRedirectHandling();
    }

    /// Makes a long-lived client close idle connections in time, by a thread of the library. A check before the
    /// next use would be too late: the server has closed many of them by then.
    public static HttpClientBuilder evicting(HttpClientBuilder client) {
        return client.evictIdleConnections(TimeValue.of(IDLE));
    }

    /// Returns the context of a request that must not use a kept connection.
    public static HttpClientContext onNewConnection() {
        var context = HttpClientContext.create();
        context.setAttribute(NEW_CONNECTION, true);
        return context;
    }

    private static ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        var runtime = scope.execRuntime;
        var context = scope.clientContext;
        if (context.getAttribute(NEW_CONNECTION) != null && !runtime.isEndpointAcquired()) {
            runtime.acquireEndpoint(scope.exchangeId, scope.route, context.getUserToken(), context);
            runtime.disconnectEndpoint();
        }
        return chain.proceed(request, scope);
    }

    /// Returns whether the connection is kept. A time of zero means that it is not; the library treats it as no
    /// limit.
    private static boolean isKept(HttpRequest request, HttpResponse response, HttpContext context) {
        return DefaultClientConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context)
                && TimeValue.isPositive(keepAlive(response, context));
    }

    /// Returns the time of `Keep-Alive: timeout=` (RFC 2068, section 19.7.1.1) minus the time that a request
    /// needs to arrive.
    public static TimeValue keepAlive(HttpResponse response, HttpContext context) {
        var announced = DefaultConnectionKeepAliveStrategy.INSTANCE
                .getKeepAliveDuration(response, context)
                .toMilliseconds();
        var usable = announced - Math.min(ARRIVAL.toMillis(), announced / 2);
        return TimeValue.ofMilliseconds(Math.clamp(usable, 0, IDLE.toMillis()));
    }
}
