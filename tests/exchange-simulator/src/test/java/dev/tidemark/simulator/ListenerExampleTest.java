package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.junit.ExchangeTest;
import dev.tidemark.simulator.mailbox.SimulatedMail;
import dev.tidemark.simulator.mailbox.SimulatorException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The first example of docs/simulator.md: a listener that is tested alone, and one that is wrong.
@ExchangeTest(mailboxes = {"ada@example.com", "bob@example.com"})
class ListenerExampleTest {
    private static final String ANSWER = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
            + "<SendNotificationResult xmlns=\"http://schemas.microsoft.com/exchange/services/2006/messages\">"
            + "<SubscriptionStatus>OK</SubscriptionStatus></SendNotificationResult></s:Body></s:Envelope>";

    private HttpServer server;
    private volatile String contentType = "text/xml; charset=utf-8";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", call -> {
            call.getRequestBody().readAllBytes();
            call.getResponseHeaders().set("Content-Type", contentType);
            var answer = ANSWER.getBytes(StandardCharsets.UTF_8);
            call.sendResponseHeaders(200, answer.length);
            call.getResponseBody().write(answer);
            call.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/ews");
    }

    @Test
    void acknowledges_each_mail(SimulatedExchange exchange) {
        var subscription = exchange.subscribe(url());
        exchange.inject(SimulatorFault.LOSE_REPLY);
        var item = exchange.deliver(SimulatedMail.of("Hello").from("grace@example.net"));
        exchange.advance(Duration.ofMinutes(1));
        exchange.awaitAcknowledged(item);
        assertThat(exchange.subscriptions()).containsExactly(subscription);
        assertThat(exchange.callbacks().after(0))
                .filteredOn(attempt -> attempt.body().contains(item.id()))
                .hasSize(2)
                .allMatch(CallbackLog.CallbackAttempt::acknowledged);
    }

    @Test
    void a_wrong_content_type_is_no_answer(SimulatedExchange exchange) {
        contentType = "application/json";
        exchange.subscribe(url());
        exchange.deliver(SimulatedMail.of("Hello"));
        exchange.advance(Duration.ofHours(1));
        assertThat(exchange.subscriptions()).isEmpty();
        assertThat(exchange.callbacks().after(0)).hasSize(6).noneMatch(CallbackLog.CallbackAttempt::acknowledged);
    }

    @Test
    void names_the_attempts_when_no_acknowledgment_comes(SimulatedExchange exchange) {
        var item = exchange.mailbox("bob@example.com").deliver("Not subscribed");
        assertThatThrownBy(() -> exchange.awaitAcknowledged(item, Duration.ofMillis(10)))
                .isInstanceOf(SimulatorException.class)
                .hasMessageContaining(item.id())
                .hasMessageContaining("push subscriptions: 0; callbacks that ended: []");
    }

    @Test
    @ExchangeTest(anyMailbox = true, mailboxes = "carl@example.com", seed = 7)
    void the_annotation_of_a_method_replaces_that_of_its_class(SimulatedExchange exchange) {
        assertThat(exchange.mailbox("carl@example.com").items("inbox")).isEmpty();
        assertThatThrownBy(() -> exchange.mailbox("ada@example.com")).isInstanceOf(SimulatorException.class);
    }

    @Test
    void two_runs_of_a_seed_have_the_same_ids(SimulatedExchange exchange) {
        var id = exchange.deliver(SimulatedMail.of("Hello")).id();
        try (var other = SimulatedExchange.start(SimulatorConfig.defaults(), Clock.systemUTC())) {
            other.addMailbox("ada@example.com");
            assertThat(other.deliver(SimulatedMail.of("Hello")).id()).isEqualTo(id);
        }
    }
}
