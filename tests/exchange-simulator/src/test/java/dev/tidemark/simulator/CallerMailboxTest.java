package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Sends requests without impersonation and without a SOAPAction, as foreign clients do.
class CallerMailboxTest {
    private final List<LoggedRequest> seen = new CopyOnWriteArrayList<>();
    private final SimulatedExchange exchange = SimulatedExchange.start(
            SimulatorConfig.defaults().withAccess(new SimulatorConfig.Access("127.0.0.1", true, seen::add)),
            Clock.systemUTC());
    private final SimulatedMailbox ada = exchange.addMailbox("ada@example.com");
    private final SimulatedMailbox bob = exchange.addMailbox("bob@example.com");
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        client.close();
        exchange.close();
    }

    @Test
    void the_first_mailbox_answers_a_request_that_names_none() throws Exception {
        post("", SimulatorRequests.getFolder("inbox"));
        assertCaller("ada@example.com");
    }

    @Test
    void the_user_name_selects_a_mailbox_with_and_without_its_domain() throws Exception {
        post("bob@example.com:x", SimulatorRequests.getFolder("inbox"));
        assertCaller("bob@example.com");
        post("EXAMPLE\\bob:x", SimulatorRequests.getFolder("inbox"));
        assertCaller("bob@example.com");
    }

    @Test
    void an_id_selects_its_owner_before_the_user_name() throws Exception {
        var item = bob.deliver("Hello").id();
        assertThat(post("ada@example.com:x", SimulatorRequests.getItem(item)).body())
                .contains("<t:Subject>Hello");
        assertCaller("bob@example.com");
        var folder = bob.folders().id("sentitems").id();
        var request = SimulatorRequests.getFolder("x")
                .replaceFirst("<t:DistinguishedFolderId Id=\"x\"/>", "<t:FolderId Id=\"" + folder + "\"/>");
        assertThat(post("ada@example.com:x", request).body()).contains("Sent Items");
    }

    @Test
    void a_mailbox_in_the_request_comes_before_all_of_these() throws Exception {
        var request = SimulatorRequests.getFolder("inbox")
                .replace(
                        "Id=\"inbox\"/>",
                        "Id=\"inbox\"><t:Mailbox><t:EmailAddress>bob@example.com</t:EmailAddress></t:Mailbox>"
                                + "</t:DistinguishedFolderId>");
        post("ada@example.com:x", request);
        assertCaller("bob@example.com");
        post("ada@example.com:x", request.replace("bob@", "carl@"));
        assertCaller("carl@example.com");
        assertThat(exchange.mailbox("carl@example.com").items("inbox")).isEmpty();
    }

    @Test
    void a_stream_is_recognized_by_its_element_and_written_as_captured() throws Exception {
        var subscribe =
                "<m:Subscribe><m:StreamingSubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/>"
                        + "</t:FolderIds><t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes>"
                        + "</m:StreamingSubscriptionRequest></m:Subscribe>";
        var id = SimulatorRequests.text(post("bob@example.com:x", subscribe).body(), "m:SubscriptionId");
        exchange.forgetStreamingSubscriptions();
        var stream = post(
                "",
                "<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>" + id
                        + "</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout></m:GetStreamingEvents>");
        assertCaller("bob@example.com");
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.body())
                .startsWith("<Envelope xmlns=\"" + XmlDocumentBuilder.SOAP + "\"><soap11:Header")
                .contains("<soap11:Body", "ErrorSubscriptionNotFound")
                .endsWith("</Envelope>");
    }

    @Test
    void a_violation_of_the_schema_names_its_line_and_column() throws Exception {
        var answer = post("", "\n  <m:GetItem><m:Odd/></m:GetItem>");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body())
                .contains("<t:LineNumber>8<", "<t:LinePosition>22<", "<t:Violation>The element 'GetItem' has 'Odd'");
    }

    @Test
    void an_unknown_operation_is_an_invalid_request() throws Exception {
        var answer = post("", "<m:GetUnicorns/>");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("a:ErrorInvalidRequest", "GetUnicorns");
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.contains("Stub"));
    }

    @Test
    void knows_the_versions_of_the_schema() throws Exception {
        var request = SimulatorRequests.getFolder("inbox");
        assertThat(post("", "Exchange2009", request).statusCode()).isEqualTo(200);
        assertThat(post("", "Exchange2010_SP3", request).body()).contains("a:ErrorInvalidServerVersion");
    }

    @Test
    void other_paths_belong_to_no_service_and_the_administration_of_the_http_server_is_closed() throws Exception {
        var admin = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + exchange.port() + "/__admin/mappings"));
        assertThat(client.send(admin.build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
        var other = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + exchange.port() + "/owa"));
        assertThat(client.send(other.build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
        assertThat(ada.items("inbox")).isEmpty();
    }

    private void assertCaller(String address) {
        assertThat(seen.getLast().mailbox())
                .hasValueSatisfying(found -> assertThat(found.value()).isEqualTo(address));
    }

    private HttpResponse<String> post(String login, String body) throws IOException, InterruptedException {
        return post(login, "Exchange2013_SP1", body);
    }

    private HttpResponse<String> post(String login, String version, String body)
            throws IOException, InterruptedException {
        var envelope = SimulatorRequests.envelope("", body)
                .replaceFirst("(?s)<t:ExchangeImpersonation>.*</t:ExchangeImpersonation>", "")
                .replace("Exchange2013_SP1", version);
        var request = HttpRequest.newBuilder(exchange.url()).POST(HttpRequest.BodyPublishers.ofString(envelope));
        if (!login.isEmpty()) {
            var pair = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
            request.header("Authorization", "Basic " + pair);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
