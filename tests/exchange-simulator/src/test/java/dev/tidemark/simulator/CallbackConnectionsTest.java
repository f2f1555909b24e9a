package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.simulator.callback.HttpCallbackTransport;
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
import java.util.concurrent.CountDownLatch;
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

    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer listener;
    /// treats the second callback
    private volatile HttpHandler second = CallbackConnectionsTest::acknowledge;

    @BeforeEach
    void start() throws IOException {
        listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listener.createContext("/", call -> {
            ports.add(call.getRemoteAddress().getPort());
            call.getRequestBody().readAllBytes();
            if (ports.size() == 2) {
                second.handle(call);
            } else {
                acknowledge(call);
            }
        });
        listener.start();
    }

    private static void acknowledge(HttpExchange call) throws IOException {
        call.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
        call.sendResponseHeaders(200, OK.length);
        call.getResponseBody().write(OK);
        call.close();
    }

    @AfterEach
    void stop() {
        end.countDown();
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
    void a_connection_that_the_listener_closed_is_replaced_and_counted() {
        second = HttpExchange::close;
        try (var transport = new HttpCallbackTransport(Duration.ofMinutes(1), 20)) {
            assertThat(transport.post(url(), "<a/>")).isPresent();
            assertThat(transport.repeated()).isZero();
            assertThat(transport.post(url(), "<a/>")).isPresent();
            assertThat(transport.repeated()).isOne();
        }
        assertThat(ports).hasSize(3);
    }

    @Test
    void a_callback_without_a_response_in_time_is_not_repeated() {
        second = call -> awaitEnd();
        try (var transport = new HttpCallbackTransport(Duration.ofSeconds(2), 20)) {
            assertThat(transport.post(url(), "<a/>")).isPresent();
            assertThat(transport.post(url(), "<a/>")).isEmpty();
            assertThat(transport.repeated()).isZero();
        }
        assertThat(ports).hasSize(2);
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + listener.getAddress().getPort() + "/");
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
            exchange.subscribe(url());
            for (var i = 0; i < times; i++) {
                var item = exchange.mailbox("ada@example.com").deliver("mail " + i);
                assertThat(exchange.ledger().awaitAcknowledged(item, Duration.ofMinutes(1)))
                        .isTrue();
            }
        }
    }
}
