package dev.tidemark.simulator;

import static dev.tidemark.simulator.assertion.ExchangeAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tidemark.simulator.junit.ExchangeTest;
import dev.tidemark.simulator.mailbox.SimulatedMail;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExchangeTest
class ExchangeAssertionsTest {
    private HttpServer refusing;

    @BeforeEach
    void start() throws IOException {
        refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        refusing.createContext("/", call -> {
            call.getRequestBody().readAllBytes();
            call.sendResponseHeaders(500, -1);
            call.close();
        });
        refusing.start();
    }

    @AfterEach
    void stop() {
        refusing.stop(0);
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + refusing.getAddress().getPort() + "/");
    }

    @Test
    void each_assertion_names_the_difference(SimulatedExchange exchange) {
        exchange.subscribe(url());
        var item = exchange.deliver(SimulatedMail.of("Hello"));
        exchange.advance(Duration.ofMinutes(1));

        refuses(() -> assertThat(exchange).hasNoSubscription(), "Expected 0 push subscriptions but found");
        refuses(
                () -> assertThat(exchange).acknowledges(item, Duration.ofMillis(10)),
                "No listener acknowledged " + item.id());
        refuses(() -> assertThat(exchange).hasAcknowledgedEverything(), item.id());
        refuses(() -> assertThat(exchange).hasSent(item, 9), "Expected 9 callbacks with " + item.id());
        refuses(
                () -> assertThat(exchange).hasOnlyAcknowledgedCallbacks(),
                "not acknowledged: status 500 instead of 200");
        refuses(() -> assertThat(exchange).hasReceived("Subscribe", 1), "1 requests of Subscribe but found 0");
        assertThat(exchange).hasNotAcknowledged(item).hasSent(item, 2).hasSubscriptions(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                503 | text/xml   | x | status 503 instead of 200
                200 | text/plain | x | content type 'text/plain' instead of text/xml
                200 | text/xml   |   | an empty body
                200 | text/xml   | x | not a SOAP envelope with a SendNotificationResult
                """)
    void a_wrong_response_is_named(int status, String type, String body, String reason, SimulatedExchange exchange) {
        refusing.removeContext("/");
        refusing.createContext("/", call -> {
            call.getRequestBody().readAllBytes();
            call.getResponseHeaders().set("Content-Type", type);
            var bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
            call.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            call.getResponseBody().write(bytes);
            call.close();
        });
        exchange.subscribe(url());
        var item = exchange.deliver(SimulatedMail.of("Hello"));
        exchange.advance(Duration.ofMinutes(1));
        refuses(() -> assertThat(exchange).acknowledges(item, Duration.ofMillis(10)), reason);
    }

    @Test
    void a_missing_subscription_is_named(SimulatedExchange exchange) {
        var item = exchange.deliver(SimulatedMail.of("Hello"));
        refuses(
                () -> assertThat(exchange).acknowledges(item, Duration.ofMillis(10)),
                "push subscriptions: 0; callbacks that ended: []");
    }

    private static void refuses(Runnable assertion, String reason) {
        assertThatThrownBy(assertion::run).isInstanceOf(AssertionError.class).hasMessageContaining(reason);
    }
}
