package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tidemark.simulator.fault.FaultCatalog;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.SimulatedFolderName;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.mailbox.SimulatorJson;
import dev.tidemark.simulator.schedule.RealTimeScheduler;
import dev.tidemark.values.ItemId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Drives the simulator over HTTP as another process does.
class ControlApiTest {
    private static final String ADA = "ada@example.com";

    private final SimulatedExchange exchange =
            SimulatedExchange.start(SimulatorConfig.defaults(), new RealTimeScheduler(Clock.systemUTC()));
    private final SimulatedMailbox ada = exchange.addMailbox(ADA);
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger calls = new AtomicInteger();
    private HttpServer listener;

    @BeforeEach
    void start_a_listener_that_always_fails() throws Exception {
        listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listener.createContext("/", call -> {
            calls.incrementAndGet();
            call.sendResponseHeaders(500, -1);
            call.close();
        });
        listener.start();
    }

    @AfterEach
    void stop() {
        listener.stop(0);
        client.close();
        exchange.close();
    }

    @Test
    void mailboxes_are_listed_with_the_identifier_for_impersonation() throws Exception {
        assertThat(send("GET", "mailboxes", "").body())
                .contains("\"address\":\"" + ADA + "\"", "\"sid\":\"" + exchange.sidOf(ada.address()) + "\"")
                .contains("\"server\":\"ex01.simulated.example\"");
    }

    @Test
    void a_mail_has_the_properties_of_its_document() throws Exception {
        var answer = send("POST", "mailboxes/" + ADA + "/mail", """
                {"subject": "Hello", "from": "eve@example.net", "to": "ada@example.com", "body": "a < b",
                 "receivedAt": "2026-01-02T03:04:05Z"}""");
        var id = String.valueOf(SimulatorJson.read(answer.body()).get("itemId"));
        var item = ada.item(ItemId.of(id)).orElseThrow();
        assertThat(item.content().subject()).isEqualTo("Hello");
        assertThat(item.content().from()).isEqualTo("eve@example.net");
        assertThat(item.content().received()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(item.content().properties().get("Body")).contains("a &lt; b");
    }

    @Test
    void items_and_folders_are_created_changed_and_deleted() throws Exception {
        var folder = SimulatorJson.read(send("POST", "mailboxes/" + ADA + "/folders", "{\"name\": \"Bills\"}")
                        .body())
                .get("folderId");
        assertThat(ada.folders().of("msgfolderroot")).anyMatch(id -> id.id().equals(folder));
        var id = itemId(send("POST", "mailboxes/" + ADA + "/items", "{\"subject\": \"One\", \"folder\": \"drafts\"}"));
        itemId(send("PATCH", "mailboxes/" + ADA + "/items/" + encoded(id), "{\"subject\": \"Two\", \"read\": true}"));
        var item = ada.itemsIn(ada.find(new SimulatedFolderName.Distinguished("drafts"))
                        .orElseThrow())
                .getFirst();
        assertThat(item.content().subject()).isEqualTo("Two");
        assertThat(item.read()).isTrue();
        var moved =
                itemId(send("PATCH", "mailboxes/" + ADA + "/items/" + encoded(id), "{\"moveTo\": \"" + folder + "\"}"));
        assertThat(moved).isNotEqualTo(id);
        itemId(send("PATCH", "mailboxes/" + ADA + "/items/" + encoded(moved), "{\"copyTo\": \"inbox\"}"));
        assertThat(send("DELETE", "mailboxes/" + ADA + "/items/" + encoded(moved) + "?kind=soft", "")
                        .statusCode())
                .isEqualTo(200);
        assertThat(ada.items("recoverableitemsdeletions")).hasSize(1);
        assertThat(ada.items("inbox")).hasSize(1);
        assertThat(send("DELETE", "mailboxes/" + ADA, "").statusCode()).isEqualTo(200);
        assertThat(send("POST", "mailboxes/" + ADA + "/mail", "").statusCode()).isEqualTo(400);
    }

    @Test
    void a_moved_clock_waits_for_every_attempt_that_became_due() throws Exception {
        subscribe();
        send("POST", "clock?advance=1s", "");
        ada.deliver("Hello");
        send("POST", "clock?advance=5h", "");

        assertThat(calls).hasValue(6);
        assertThat(send("GET", "subscriptions", "").body()).isEqualTo("[]");
        var callbacks = send("GET", "callbacks", "").body();
        assertThat(callbacks).contains("\"number\":6", "\"status\":500", "\"acknowledged\":false", "NewMailEvent");
        assertThat(callbacks).containsPattern("\"duration\":\"\\d+ms\"");
        assertThat(send("GET", "callbacks?after=6&wait=10ms", "").body()).isEqualTo("[]");
        assertThat(send("GET", "callbacks?after=6&wait=1", "").body()).isEqualTo("[]");
        assertThat(send("GET", "requests?after=0", "").body()).contains("\"operation\":\"Subscribe\"");
        assertThat(send("GET", "requests?after=1", "").body()).isEqualTo("[]");
    }

    @Test
    void a_scripted_response_comes_as_often_as_ordered() throws Exception {
        send("POST", "responses", """
                {"operation": "GetFolder", "mailbox": "ada@example.com", "status": 418, "headers": {"X-Odd": "1"},
                 "body": "<odd/>", "times": 2}""");
        for (var status : new int[] {418, 418, 200}) {
            assertThat(ews(SimulatorRequests.getFolder("inbox")).statusCode()).isEqualTo(status);
        }
        send("POST", "responses", "{\"operation\": \"GetFolder\", \"status\": 503}");
        for (var status : new int[] {503, 200}) {
            assertThat(ews(SimulatorRequests.getFolder("inbox")).statusCode()).isEqualTo(status);
        }
        assertThat(send("POST", "responses", "{\"mailbox\": \"ada@example.com\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(send("POST", "responses", "{\"mailbox\":\n oops}").body()).contains("line 2");
    }

    @Test
    void a_misspelled_parameter_or_an_impossible_number_is_refused() throws Exception {
        var refused = send("POST", "faults/lose-reply?time=3", "");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("no parameter 'time'", "times, rate, mailbox");
        for (var query : new String[] {"times=0", "times=-1", "times=many", "rate=2", "rate=NaN", "mailbox=ada"}) {
            assertThat(send("POST", "faults/lose-reply?" + query, "").statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
    }

    @Test
    void every_name_of_a_fault_is_known_and_listed() throws Exception {
        var listed = SimulatorJson.read(send("GET", "faults", "").body());
        assertThat(listed.keySet()).isEqualTo(FaultCatalog.lines().keySet());
        for (var name : listed.keySet()) {
            var answer = send("POST", "faults/" + name + "?mailbox=" + ADA + valueOf(name), "");
            assertThat(answer.statusCode()).as("%s: %s", name, answer.body()).isEqualTo(200);
        }
        for (var fault : SimulatorFault.values()) {
            assertThat(SimulatorFault.named(fault.wireName())).contains(fault);
        }
        assertThat(Arrays.stream(SimulatorFault.values())
                        .map(SimulatorFault::wireName)
                        .filter(name -> !name.startsWith("busy-")))
                .allMatch(FaultCatalog.lines()::containsKey);
    }

    private static String valueOf(String name) {
        return switch (name) {
            case "clock-offset" -> "&value=-3h";
            case "delay-callback", "close-idle", "slow-response" -> "&delay=2s";
            case "busy" -> "&value=inner&delay=2s";
            default -> "";
        };
    }

    @Test
    void a_reset_leaves_empty_mailboxes_without_subscriptions_and_faults() throws Exception {
        subscribe();
        ada.deliver("Hello");
        send("POST", "faults/status-503?rate=1", "");
        send("POST", "reset", "");
        assertThat(exchange.mailbox(ADA).items("inbox")).isEmpty();
        assertThat(send("GET", "subscriptions", "").body()).isEqualTo("[]");
        assertThat(exchange.ledger().delivered()).isEmpty();
        assertThat(ews(SimulatorRequests.getFolder("inbox")).statusCode()).isEqualTo(200);
    }

    private void subscribe() throws Exception {
        var subscribe = SimulatorRequests.subscribe(30, "")
                .replace("127.0.0.1:9", "127.0.0.1:" + listener.getAddress().getPort());
        assertThat(ews(subscribe).body()).contains("NoError");
        assertThat(send("GET", "subscriptions", "").body()).contains("\"statusFrequencyMinutes\":30", ADA);
    }

    private HttpResponse<String> ews(String body) throws Exception {
        var request = HttpRequest.newBuilder(exchange.url())
                .POST(HttpRequest.BodyPublishers.ofString(SimulatorRequests.envelope(ADA, body)));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + exchange.port() + "/simulator/" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String itemId(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return String.valueOf(SimulatorJson.read(answer.body()).get("itemId"));
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id.replace('/', '_'), StandardCharsets.UTF_8);
    }
}
