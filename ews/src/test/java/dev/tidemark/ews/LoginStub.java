package dev.tidemark.ews;

import static dev.tidemark.ews.SoapText.envelope;
import static dev.tidemark.ews.message.EwsRequests.ADA;
import static dev.tidemark.ews.message.EwsRequests.SUBSCRIBE;

import com.sun.net.httpserver.HttpExchange;
import dev.tidemark.authservers.GuardedServer;
import dev.tidemark.authservers.GuardedServer.Seen;
import dev.tidemark.authservers.RequestGuard;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.config.EwsTlsConfig;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.EwsResult.Refused;
import dev.tidemark.ews.message.EwsResult.Success;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// EWS service on loopback that grants every Subscribe that its authentication guard accepts.
final class LoginStub implements AutoCloseable {
    static final Success<SubscribeResult> SUCCESS =
            new Success<>(new SubscribeResult(new SubscriptionId("sub-1"), Optional.of(new Watermark("wm-1"))));

    private static final String GRANTED = envelope("<m:SubscribeResponse><m:ResponseMessages>"
            + "<m:SubscribeResponseMessage ResponseClass='Success'><m:ResponseCode>NoError</m:ResponseCode>"
            + "<m:SubscriptionId>sub-1</m:SubscriptionId><m:Watermark>wm-1</m:Watermark>"
            + "</m:SubscribeResponseMessage></m:ResponseMessages></m:SubscribeResponse>");

    private final GuardedServer server;
    private final String scheme;

    private LoginStub(String scheme, GuardedServer server) {
        this.scheme = scheme;
        this.server = server;
    }

    static LoginStub plain(RequestGuard guard) throws IOException {
        return new LoginStub("http", GuardedServer.plain(guard, (exchange, body) -> grant(exchange)));
    }

    static LoginStub secure(EwsTlsConfig identity, RequestGuard guard) throws IOException {
        return new LoginStub(
                "https", GuardedServer.secure(identity.context(), guard, (exchange, body) -> grant(exchange)));
    }

    private static void grant(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
        GuardedServer.respond(exchange, 200, GRANTED);
    }

    URI url() {
        return URI.create(scheme + "://localhost:" + server.port() + "/EWS/Exchange.asmx");
    }

    /// Returns every request so far, refused ones included.
    List<Seen> seen() {
        return server.seen();
    }

    ConnectionConfig config(Auth auth) {
        return config(auth, EwsTlsConfig.DEFAULT, Optional.empty());
    }

    ConnectionConfig config(Auth auth, EwsTlsConfig tls, Optional<ProxyConfig> proxy) {
        return new ConnectionConfig(
                "onprem", url(), "Exchange2013_SP1", auth, true, Duration.ofSeconds(20), 2, tls, proxy);
    }

    EwsResult<SubscribeResult> send(Auth auth) {
        return send(config(auth));
    }

    static EwsResult<SubscribeResult> send(ConnectionConfig config) {
        try (var client = HttpEwsClient.connect(config, Clock.systemUTC())) {
            return client.send(ADA, SUBSCRIBE);
        }
    }

    static EwsError error(EwsResult<SubscribeResult> answer) {
        return ((Refused<SubscribeResult>) answer).error();
    }

    @Override
    public void close() {
        server.close();
    }
}
