package dev.tidemark.ews;

import static dev.tidemark.ews.Requests.ADA;
import static dev.tidemark.ews.Requests.SUBSCRIBE;
import static dev.tidemark.ews.SoapText.bytes;
import static dev.tidemark.ews.SoapText.envelope;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tidemark.ews.ConnectionConfig.Auth;
import dev.tidemark.ews.EwsAnswer.Refused;
import dev.tidemark.ews.EwsAnswer.Success;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// An EWS service on loopback that grants every Subscribe, once its guard lets it through. The guard has
/// answered by itself where it returns false.
final class LoginStub implements AutoCloseable {
    static final Success<Subscribed> SUCCESS =
            new Success<>(new Subscribed(new SubscriptionId("sub-1"), Optional.of(new Watermark("wm-1"))));

    private static final String GRANTED = envelope("<m:SubscribeResponse><m:ResponseMessages>"
            + "<m:SubscribeResponseMessage ResponseClass='Success'><m:ResponseCode>NoError</m:ResponseCode>"
            + "<m:SubscriptionId>sub-1</m:SubscriptionId><m:Watermark>wm-1</m:Watermark>"
            + "</m:SubscribeResponseMessage></m:ResponseMessages></m:SubscribeResponse>");

    /// Decides about each request; its body has been read.
    interface Guard {
        boolean lets(HttpExchange exchange) throws IOException;
    }

    /// What came in: the client's port, the length of the body, whether an Authorization was there.
    record Seen(int port, int length, boolean authorization) {}

    final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    private LoginStub(HttpServer server, Guard guard) {
        this.server = server;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        HttpHandler handler = exchange -> {
            var body = exchange.getRequestBody().readAllBytes();
            seen.add(new Seen(
                    exchange.getRemoteAddress().getPort(),
                    body.length,
                    exchange.getRequestHeaders().containsKey("Authorization")));
            if (guard.lets(exchange)) {
                exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
                answer(exchange, 200, bytes(GRANTED));
            }
        };
        server.createContext("/", handler);
        server.start();
    }

    static LoginStub plain(Guard guard) throws IOException {
        return new LoginStub(HttpServer.create(loopback(), 0), guard);
    }

    static LoginStub secure(Tls identity, Guard guard) throws IOException {
        var server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
        return new LoginStub(server, guard);
    }

    URI url() {
        var scheme = server instanceof HttpsServer ? "https" : "http";
        return URI.create(scheme + "://localhost:" + server.getAddress().getPort() + "/EWS/Exchange.asmx");
    }

    ConnectionConfig config(Auth auth) {
        return config(auth, Tls.USUAL, Optional.empty());
    }

    ConnectionConfig config(Auth auth, Tls tls, Optional<Proxy> proxy) {
        return new ConnectionConfig(
                "onprem", url(), "Exchange2013_SP1", auth, true, Duration.ofSeconds(20), 2, tls, proxy);
    }

    EwsAnswer<Subscribed> send(Auth auth) {
        return send(config(auth));
    }

    static EwsAnswer<Subscribed> send(ConnectionConfig config) {
        try (var client = HttpEwsClient.connect(config, Clock.systemUTC())) {
            return client.send(ADA, SUBSCRIBE);
        }
    }

    static EwsError error(EwsAnswer<Subscribed> answer) {
        return ((Refused<Subscribed>) answer).error();
    }

    static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /// A refusal as IIS makes it, with a page for people.
    static boolean unauthorized(HttpExchange exchange, String... challenges) throws IOException {
        for (var challenge : challenges) {
            exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
        }
        answer(exchange, 401, bytes("<html>401 - Unauthorized: Access is denied due to invalid credentials.</html>"));
        return false;
    }

    static Optional<String> authorization(HttpExchange exchange, String scheme) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .filter(value -> value.startsWith(scheme + " "))
                .map(value -> value.substring(scheme.length() + 1));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
