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
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
        refuses(() -> assertThat(exchange).hasOnlyAcknowledgedCallbacks(), "status 500 not acknowledged");
        refuses(() -> assertThat(exchange).hasReceived("Subscribe", 1), "1 requests of Subscribe but found 0");
        assertThat(exchange).hasNotAcknowledged(item).hasSent(item, 2).hasSubscriptions(1);
    }

    private static void refuses(Runnable assertion, String reason) {
        assertThatThrownBy(assertion::run).isInstanceOf(AssertionError.class).hasMessageContaining(reason);
    }
}
