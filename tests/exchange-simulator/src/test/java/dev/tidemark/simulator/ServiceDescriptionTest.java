package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.simulator.description.ServiceDescription;
import dev.tidemark.simulator.junit.ExchangeTest;
import dev.tidemark.simulator.soap.SoapReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The files from which clients are generated, and the certificate.
class ServiceDescriptionTest {
    private static final Pattern OPERATION = Pattern.compile("<soap:operation soapAction=\"[^\"]*/(\\w+)\"/>");

    private final SimulatorTestBed bed = new SimulatorTestBed();
    private final MessagesSchema schema = new MessagesSchema();

    private static HttpResponse<String> get(HttpClient client, URI url) throws Exception {
        return client.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void a_client_that_does_not_trust_the_certificate_is_refused() {
        Path key;
        try (var exchange = SimulatedExchange.start(SimulatorConfig.defaults().withTls(), Clock.systemUTC())) {
            var wsdl = exchange.url().resolve("/EWS/Services.wsdl");
            assertThatThrownBy(() -> get(HttpClient.newHttpClient(), wsdl)).isInstanceOf(SSLHandshakeException.class);
            key = exchange.certificate().orElseThrow().keyStore();
            assertThat(key).exists();
        }
        assertThat(Files.exists(key.getParent())).isFalse();
    }

    @Test
    @ExchangeTest(tls = true)
    void a_client_that_trusts_the_certificate_is_served(SimulatedExchange exchange) throws Exception {
        var certificate = exchange.certificate().orElseThrow();
        var client =
                HttpClient.newBuilder().sslContext(certificate.clientContext()).build();

        var url = "https://localhost:" + exchange.port();
        var wsdl = get(client, URI.create(url + "/ews/services.wsdl"));

        assertThat(exchange.url()).hasScheme("https");
        assertThat(certificate.pem()).startsWith("-----BEGIN CERTIFICATE-----\n");
        assertThat(wsdl.statusCode()).isEqualTo(200);
        assertThat(wsdl.body()).contains("<soap:address location=\"" + url + "/EWS/Exchange.asmx\"/>");
    }

    @Test
    void the_files_need_the_login() throws Exception {
        try (var exchange =
                SimulatedExchange.start(SimulatorConfig.defaults().withLogin("svc", "secret"), Clock.systemUTC())) {
            for (var path : new String[] {"/EWS/Services.wsdl", "/EWS/messages.xsd", "/EWS/types.xsd"}) {
                assertThat(get(HttpClient.newHttpClient(), exchange.url().resolve(path))
                                .statusCode())
                        .isEqualTo(401);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/EWS/Services.wsdl", "/EWS/messages.xsd", "/ews/TYPES.xsd"})
    void each_file_is_well_formed(String path) throws Exception {
        var file = ServiceDescription.at(path, URI.create("http://127.0.0.1:8443/EWS/Exchange.asmx"));
        assertThat(SoapReader.parse(file.orElseThrow()).getLocalName()).isIn("definitions", "schema");
    }

    @Test
    void the_server_has_each_operation_of_the_description() {
        var wsdl = ServiceDescription.at("/ews/services.wsdl", URI.create("http://127.0.0.1/"))
                .orElseThrow();

        var operations = OPERATION.matcher(wsdl).results().map(each -> each.group(1));

        assertThat(operations)
                .hasSize(27)
                .allSatisfy(operation -> assertThat(bed.request(
                                "ada@example.com",
                                "<m:" + operation + ("GetUserOofSettings".equals(operation) ? "Request" : "") + "/>"))
                        .doesNotContain("is no operation of this server"));
        assertThat(bed.request("ada@example.com", "<m:GetRooms/>")).contains("is no operation of this server");
    }

    @Test
    void requests_and_responses_are_valid_by_the_description() {
        var mail = bed.ada.deliver("Hello");
        var folder = bed.ada.folders().create("inbox", "Bills");
        var to = "<t:ToRecipients><t:Mailbox><t:EmailAddress>ada@example.com</t:EmailAddress></t:Mailbox>"
                + "</t:ToRecipients>";
        assertThat(Stream.of(
                        SimulatorRequests.getItem(mail.id(), "unknown"),
                        SimulatorRequests.getFolder("calendar"),
                        SimulatorRequests.findFolder("msgfolderroot", "Deep", 0, 5),
                        SimulatorRequests.syncFolderHierarchy("", ""),
                        SimulatorRequests.syncFolderItems("", 10),
                        SimulatorRequests.subscribe(30, ""),
                        MailboxRequests.createMessage("SendAndSaveCopy", "Hi", to),
                        MailboxRequests.update(
                                mail.id(), MailboxRequests.set("item:Subject", "Message", "<t:Subject>x</t:Subject>")),
                        MailboxRequests.find("inbox", ""),
                        MailboxRequests.transfer("CopyItem", "drafts", mail.id()),
                        MailboxRequests.transfer("MoveItem", "drafts", mail.id()),
                        MailboxRequests.delete("HardDelete", "gone"),
                        MailboxRequests.createFolder("inbox", "New"),
                        MailboxRequests.onFolder("DeleteFolder", " DeleteType=\"HardDelete\"", "", folder.id()),
                        MailboxRequests.pull(10),
                        MailboxRequests.convertId("EwsId", mail.id(), "HexEntryId"),
                        MailboxRequests.timeZones(),
                        MailboxRequests.oof(),
                        MailboxRequests.markAll(),
                        "<m:ResolveNames ReturnFullContactData=\"true\"><m:UnresolvedEntry>ada</m:UnresolvedEntry>"
                                + "</m:ResolveNames>"))
                .allSatisfy(request -> {
                    schema.check(SimulatorRequests.envelope("ada@example.com", request));
                    schema.check(bed.request("ada@example.com", request));
                });
    }

    @Test
    void the_description_knows_what_it_does_not_describe() {
        var request = SimulatorRequests.getFolder("inbox").replace("FolderShape", "Shape");
        assertThatThrownBy(() -> schema.check(SimulatorRequests.envelope("ada@example.com", request)))
                .hasMessageContaining("Shape");
        assertThat(ServiceDescription.at("/EWS/Exchange.asmx", URI.create("http://127.0.0.1/")))
                .isEmpty();
    }
}
