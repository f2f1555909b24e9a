package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Asks for the URL of a mailbox by SOAP, POX and JSON.
class AutodiscoverFormsTest {
    private final SimulatedExchange exchange = SimulatedExchange.start(SimulatorConfig.defaults(), Clock.systemUTC());
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void add_mailboxes() {
        exchange.addMailbox("ada@example.com");
        exchange.autodiscovery().redirect(new MailboxAddress("bob@example.com"), new MailboxAddress("bob@example.net"));
    }

    @AfterEach
    void stop() {
        client.close();
        exchange.close();
    }

    @Test
    void soap_has_the_header_and_the_types_that_strict_clients_need() throws Exception {
        var answer = post(
                "autodiscover.svc",
                "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
                        + "<a:GetUserSettingsRequestMessage xmlns:a=\"http://schemas.microsoft.com/exchange/2010/Autodiscover\">"
                        + "<a:Request><a:Users><a:User><a:Mailbox>ada@example.com</a:Mailbox></a:User></a:Users>"
                        + "<a:RequestedSettings><a:Setting>ExternalEwsUrl</a:Setting></a:RequestedSettings></a:Request>"
                        + "</a:GetUserSettingsRequestMessage></s:Body></s:Envelope>");
        assertThat(answer)
                .contains(
                        "<a:Action s:mustUnderstand=\"1\">", "<h:ServerVersionInfo", "<RedirectTarget i:nil=\"true\"/>")
                .contains("<UserSetting i:type=\"StringSetting\"><Name>ExternalEwsUrl</Name><Value>" + exchange.url())
                .doesNotContain("InternalEwsUrl");
    }

    @Test
    void pox_names_the_url_a_redirection_or_an_error() throws Exception {
        assertThat(pox("ada@example.com"))
                .contains("<Type>EXCH</Type>", "<EwsUrl>" + exchange.url() + "</EwsUrl>", "<Action>settings</Action>");
        assertThat(pox("bob@example.com"))
                .contains("<Action>redirectAddr</Action><RedirectAddr>bob@example.net</RedirectAddr>");
        assertThat(pox("carl@example.com")).contains("<ErrorCode>500</ErrorCode>");
        assertThat(post("autodiscover.xml", "<x/>")).contains("<ErrorCode>600</ErrorCode>");
    }

    @Test
    void names_the_host_by_which_the_client_came() throws Exception {
        var url = "http://localhost:" + exchange.port();
        var request = HttpRequest.newBuilder(
                        URI.create(url + "/autodiscover/autodiscover.json/v1.0/ada%40example.com?Protocol=Ews"))
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .contains("\"" + url + "/EWS/Exchange.asmx\"");
    }

    @Test
    void json_names_the_url_or_an_error() throws Exception {
        assertThat(json("ada@example.com", "Ews"))
                .isEqualTo("{\"Protocol\":\"Ews\",\"Url\":\"" + exchange.url() + "\"}");
        assertThat(json("carl@example.com", "Ews")).contains("\"ErrorCode\":\"MailboxNotFound\"");
        assertThat(json("ada@example.com", "Rest")).contains("\"ErrorCode\":\"InvalidProtocol\"");
    }

    private String pox(String address) throws Exception {
        return post(
                "Autodiscover.xml",
                "<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006\">"
                        + "<Request><EMailAddress>" + address + "</EMailAddress></Request></Autodiscover>");
    }

    private String post(String file, String body) throws Exception {
        return send(request(file).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private String json(String address, String protocol) throws Exception {
        return send(request("autodiscover.json/v1.0/" + address + "?Protocol=" + protocol));
    }

    private HttpRequest.Builder request(String file) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + exchange.port() + "/autodiscover/" + file));
    }

    private String send(HttpRequest.Builder request) throws Exception {
        var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }
}
