package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tests the simulator over real HTTP in both directions.
class SimulatedExchangeTest {
    private static final String OK = "<s:Envelope xmlns:s=\"" + XmlDocumentBuilder.SOAP + "\"><s:Body>"
            + "<m:SendNotificationResult xmlns:m=\"" + XmlDocumentBuilder.MESSAGES + "\"><m:SubscriptionStatus>OK"
            + "</m:SubscriptionStatus></m:SendNotificationResult></s:Body></s:Envelope>";

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<String> headers = new CopyOnWriteArrayList<>();
    private HttpServer receiver;
    private SimulatedExchange exchange;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", call -> {
            headers.add(call.getRequestHeaders().getFirst("SOAPAction") + " "
                    + call.getRequestHeaders().getFirst("Content-Type"));
            received.add(new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            var answer = OK.getBytes(StandardCharsets.UTF_8);
            call.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
            call.sendResponseHeaders(200, answer.length);
            call.getResponseBody().write(answer);
            call.close();
        });
        receiver.start();
        exchange = SimulatedExchange.start(
                SimulatorConfig.defaults().withLogin("svc", "secret").withSpeed(60), Clock.systemUTC());
        exchange.addMailbox("ada@example.com");
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        client.close();
        exchange.close();
        receiver.stop(0);
    }

    @Test
    void lets_nobody_in_without_the_login() throws Exception {
        assertThat(post("/EWS/Exchange.asmx", "Basic bm9ib2R5Og==", "<x/>").statusCode())
                .isEqualTo(401);
    }

    @Test
    void calls_back_with_heartbeats_and_new_mail() throws Exception {
        var body = SimulatorRequests.subscribe(1, "")
                .replace("127.0.0.1:9", "127.0.0.1:" + receiver.getAddress().getPort());
        var answer = post("/EWS/Exchange.asmx", login(), SimulatorRequests.envelope("ada@example.com", body));
        assertThat(answer.body()).contains("NoError");

        var item = exchange.mailbox("ada@example.com").deliver("hello");
        await().until(() -> exchange.ledger().acknowledgedItems().contains(item.id()));
        await().until(() -> received.stream().anyMatch(one -> one.contains("StatusEvent")));

        // a heartbeat may precede it, because a minute takes a second here
        assertThat(received).anySatisfy(one -> assertThat(one).contains("NewMailEvent", item.id()));
        assertThat(headers.getFirst())
                .isEqualTo(XmlDocumentBuilder.MESSAGES + "/SendNotification text/xml; charset=utf-8");
        assertThat(exchange.ledger().toJson()).contains("\"acknowledged\":[{", item.id());
    }

    @Test
    void cuts_the_connection_when_the_subscribe_response_is_lost() {
        exchange.faults().next(SimulatorFault.LOSE_SUBSCRIBE_RESPONSE, 1);
        var body = SimulatorRequests.envelope("ada@example.com", SimulatorRequests.subscribe(1, ""));

        assertThatThrownBy(() -> post("/EWS/Exchange.asmx", login(), body)).isInstanceOf(IOException.class);
        assertThat(exchange.forgetSubscriptions()).isEqualTo(1);
    }

    @Test
    void is_driven_over_http_by_other_processes() throws Exception {
        assertThat(post("/simulator/mailboxes/bob@example.com", "", "").statusCode())
                .isEqualTo(200);
        var id = post("/simulator/mailboxes/bob@example.com/mail?subject=hello", "", "")
                .body();
        post("/simulator/faults/busy-fault?times=1", "", "");

        assertThat(exchange.ledger().delivered())
                .singleElement()
                .satisfies(one -> assertThat(one.item().id()).isEqualTo(id));
        assertThat(post("/EWS/Exchange.asmx", login(), SimulatorRequests.envelope("bob@example.com", "<m:GetItem/>"))
                        .body())
                .contains("ErrorServerBusy");
        var unknown = post("/simulator/faults/unheard-of", "", "");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body())
                .startsWith("There is no fault 'unheard-of'; there are ")
                .contains("busy");
        assertThat(post("/simulator/nothing", "", "").statusCode()).isEqualTo(404);
    }

    private static String login() {
        return "Basic c3ZjOnNlY3JldA==";
    }

    private HttpResponse<String> post(String path, String authorization, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + exchange.port() + path))
                .header("Content-Type", "text/xml; charset=utf-8")
                .header("Authorization", authorization.isEmpty() ? "none" : authorization)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
