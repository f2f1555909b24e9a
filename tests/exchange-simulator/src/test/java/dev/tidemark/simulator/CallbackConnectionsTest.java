package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tests how many callbacks share a connection to the listener.
class CallbackConnectionsTest {
    private static final byte[] OK = ("<s:Envelope xmlns:s=\"" + XmlDocumentBuilder.SOAP + "\"><s:Body>"
                    + "<m:SendNotificationResult xmlns:m=\"" + XmlDocumentBuilder.MESSAGES + "\"><m:SubscriptionStatus>"
                    + "OK</m:SubscriptionStatus></m:SendNotificationResult></s:Body></s:Envelope>")
            .getBytes(StandardCharsets.UTF_8);

    /// port of the caller of each callback
    private final List<Integer> ports = new CopyOnWriteArrayList<>();

    private HttpServer listener;

    @BeforeEach
    void start() throws IOException {
        listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listener.createContext("/", call -> {
            ports.add(call.getRemoteAddress().getPort());
            call.getRequestBody().readAllBytes();
            call.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
            call.sendResponseHeaders(200, OK.length);
            call.getResponseBody().write(OK);
            call.close();
        });
        listener.start();
    }

    @AfterEach
    void stop() {
        listener.stop(0);
    }

    @Test
    void each_has_its_own_as_exchange_does() {
        callBack(SimulatorConfig.defaults(), 4);

        assertThat(ports).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void the_configured_number_shares_one() {
        callBack(SimulatorConfig.defaults().withCallbacksPerConnection(2), 5);

        assertThat(ports).hasSize(5);
        assertThat(ports.get(1)).isEqualTo(ports.get(0));
        assertThat(ports.get(3)).isEqualTo(ports.get(2));
        assertThat(List.of(ports.get(0), ports.get(2), ports.get(4))).doesNotHaveDuplicates();
    }

    @Test
    void none_is_a_mistake() {
        var defaults = SimulatorConfig.defaults();
        assertThatThrownBy(() -> defaults.withCallbacksPerConnection(0))
                .isInstanceOf(SimulatorException.class)
                .hasMessageContaining("use 1 for a new connection each");
    }

    private void callBack(SimulatorConfig config, int times) {
        try (var exchange = SimulatedExchange.start(config, Clock.systemUTC())) {
            exchange.addMailbox("ada@example.com");
            exchange.subscribe(
                    URI.create("http://127.0.0.1:" + listener.getAddress().getPort() + "/"));
            for (var i = 0; i < times; i++) {
                var item = exchange.mailbox("ada@example.com").deliver("mail " + i);
                assertThat(exchange.ledger().awaitAcknowledged(item, Duration.ofMinutes(1)))
                        .isTrue();
            }
        }
    }
}
