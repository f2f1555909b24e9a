package dev.tidemark.ews;

import dev.tidemark.ews.login.ConnectionConfig;
import dev.tidemark.ews.login.EwsTlsConfig;
import dev.tidemark.ews.login.HttpLogin;
import dev.tidemark.ews.login.LoginRequestExecutor;
import dev.tidemark.http.ConnectionReuse;
import java.util.List;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.StandardAuthScheme;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.Timeout;

/// Creates the HTTP clients of a connection, with its TLS, proxy, login and timeouts. Called by [HttpTransport]; has
/// no state.
final class HttpClientFactory {
    /// Limit of addresses of one name that are tried within one timeout. The first may be a server that is
    /// switched off.
    private static final int ADDRESSES_TRIED = 3;

    private HttpClientFactory() {}

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
    static HttpClientBuilder builder(ConnectionConfig config, HttpLogin login, int maxConnections, Timeout silence) {
        var limits = ConnectionReuse.limits()
                .setConnectTimeout(Timeout.of(config.timeout().dividedBy(ADDRESSES_TRIED)))
                .setSocketTimeout(silence)
                .build();
        var builder = ConnectionReuse.client(connections(config, maxConnections), limits)
                // all connections of a pool belong to one account, whatever state the library recorded
                .disableConnectionState()
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(config.timeout()))
                        .setResponseTimeout(silence)
                        .setProxyPreferredAuthSchemes(List.of(StandardAuthScheme.DIGEST, StandardAuthScheme.BASIC))
                        .build())
                .setUserAgent("Tidemark")
                // GzipBody decompresses: the library fails on unknown codings and on empty bodies
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching();
        if (login instanceof HttpLogin.PerConnection handshakes) {
            builder.setRequestExecutor(new LoginRequestExecutor(handshakes));
        }
        config.proxy().ifPresent(proxy -> {
            var host = new HttpHost("http", proxy.host(), proxy.port());
            builder.setProxy(host);
            var credentials = new BasicCredentialsProvider();
            proxy.login()
                    .ifPresent(known -> credentials.setCredentials(
                            new AuthScope(host),
                            new UsernamePasswordCredentials(
                                    known.username(), known.password().toCharArray())));
            builder.setDefaultCredentialsProvider(credentials);
        });
        return builder;
    }
}
