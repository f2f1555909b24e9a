package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.SimulatedMail;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.testsupport.EwsSchema;
import dev.tidemark.testsupport.ExchangeTraffic;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Tests that the documents of each kind reach the listener for bodies, and that an invalid one is found.
final class ExchangeTrafficTest {
    private static final String ADA = "ada@example.com";
    private static final String REQUEST =
            SimulatorRequests.envelope(ADA, "<m:Unsubscribe><m:SubscriptionId>id</m:SubscriptionId></m:Unsubscribe>");

    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-11-01T09:00:00Z"));
    private final SimulatedExchange exchange = SimulatedExchange.start(
            SimulatorConfig.defaults().withBodies((request, response) -> {
                seen.add(response);
                seen.add(request);
                traffic.add(request, response);
            }),
            time);

    @AfterEach
    void close() {
        exchange.close();
    }

    private static void needsSchema() {
        assumeThat(EwsSchema.find()).as(EwsSchema.ABSENT).isPresent();
    }

    private String post(String body) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(exchange.url())
                    .POST(HttpRequest.BodyPublishers.ofString(SimulatorRequests.envelope(ADA, body)))
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    @Test
    void an_invalid_document_is_found() {
        needsSchema();
        traffic.add(REQUEST, "");
        assertThat(traffic.check()).isOne();
        traffic.add("", REQUEST.replace("m:SubscriptionId", "m:Subscription"));
        assertThatThrownBy(traffic::check).isInstanceOf(AssertionError.class).hasMessageContaining("Subscription");
    }

    @Test
    void comments_and_cdata_do_not_make_documents_different() {
        var plain = new ExchangeTraffic();
        IntStream.range(0, 30).forEach(number -> {
            plain.add(REQUEST, "");
            traffic.add(REQUEST.replace(">id<", "><!--" + number + "--><![CDATA[" + number + "]]><"), "");
        });
        assertThat(traffic.check()).isEqualTo(plain.check());
    }

    @Test
    void a_request_that_exchange_refuses_as_invalid_does_not_count() throws Exception {
        exchange.addMailbox(ADA);
        post("<m:GetFolder/>");
        assertThat(seen).anyMatch(document -> document.contains("<m:GetFolder/>"));
        assertThat(traffic.check()).isZero();
    }

    @Test
    void documents_that_are_invalid_on_real_servers_do_not_count() throws Exception {
        exchange.addMailbox(ADA);
        exchange.inject(SimulatorFault.HTML_ERROR);
        post(SimulatorRequests.getFolder("inbox"));
        exchange.subscribe(URI.create("http://127.0.0.1:9/"));
        exchange.failSubscriptions(exchange.mailbox(ADA).address(), "ErrorReadEventsFailed");
        await().until(() -> seen.stream().anyMatch(document -> document.contains("ErrorReadEventsFailed")));
        traffic.check();
    }

    @Test
    void callbacks_are_seen() {
        exchange.addMailbox(ADA);
        exchange.subscribe(URI.create("http://127.0.0.1:9/"));
        var item = exchange.deliver(SimulatedMail.of("Hello"));
        await().until(() -> seen.stream().anyMatch(document -> document.contains(item.id())));
        assertThat(traffic.check()).isPositive();
    }

    @Test
    void each_envelope_of_a_stream_is_seen() throws Exception {
        exchange.addMailbox(ADA);
        var answer = post(
                "<m:Subscribe><m:StreamingSubscriptionRequest><t:FolderIds>"
                        + "<t:DistinguishedFolderId Id=\"inbox\"/></t:FolderIds><t:EventTypes>"
                        + "<t:EventType>NewMailEvent</t:EventType></t:EventTypes></m:StreamingSubscriptionRequest></m:Subscribe>");
        exchange.deliver(SimulatedMail.of("Hello"));
        var id = SimulatorRequests.text(answer, "m:SubscriptionId");
        try (var end = Executors.newSingleThreadExecutor()) {
            var stream = end.submit(() -> post("<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>" + id
                    + "</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout>"
                    + "</m:GetStreamingEvents>"));
            await().until(() -> seen.stream().anyMatch(document -> document.contains("<t:NewMailEvent>")));
            time.advance(Duration.ofMinutes(2));
            assertThat(stream.get()).contains("Closed");
        }
        assertThat(seen).anyMatch(document -> document.contains(">OK</m:ConnectionStatus>"));
        assertThat(seen).anyMatch(document -> document.contains(">Closed</m:ConnectionStatus>"));
        assertThat(traffic.check()).isPositive();
    }
}
