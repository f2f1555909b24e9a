package dev.tidemark.cxfendpoint;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.xml.ws.Endpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class NotificationEndpointTest {
    private static final String CALL = """
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><t:RequestServerVersion \
            xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" Version="Exchange2013_SP1"/>\
            </s:Header><s:Body><m:SendNotification \
            xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" \
            xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><m:ResponseMessages>\
            <m:SendNotificationResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>\
            <m:Notification><t:SubscriptionId>s</t:SubscriptionId><t:PreviousWatermark>w0</t:PreviousWatermark>\
            <t:MoreEvents>false</t:MoreEvents><t:NewMailEvent><t:Watermark>w1</t:Watermark>\
            <t:TimeStamp>2026-11-01T09:15:02Z</t:TimeStamp><t:ItemId Id="i"/><t:ParentFolderId Id="f"/>\
            </t:NewMailEvent></m:Notification></m:SendNotificationResponseMessage></m:ResponseMessages>\
            </m:SendNotification></s:Body></s:Envelope>""";

    /// Held strongly, because unreferenced loggers lose their levels.
    private static final Logger CXF = Logger.getLogger("org.apache.cxf");

    @BeforeAll
    static void hush() {
        CXF.setLevel(Level.WARNING);
    }

    @Test
    void answers_ok_at_any_token_and_only_to_events_that_it_understood() throws Exception {
        var address = "http://127.0.0.1:" + CxfEndpointMain.freePort() + "/ews/notifications";
        var endpoint = Endpoint.publish(address, new NotificationEndpoint());
        try (var client = HttpClient.newHttpClient()) {
            assertThat(post(client, address + "/token", CALL)).contains("SubscriptionStatus>OK<");
            var nameless = CALL.replace("<t:SubscriptionId>s</t:SubscriptionId>", "");
            assertThat(post(client, address + "/token", nameless)).contains("SubscriptionStatus>Unsubscribe<");
        } finally {
            endpoint.stop();
        }
    }

    private static String post(HttpClient client, String address, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "text/xml; charset=utf-8")
                .header("SOAPAction", "http://schemas.microsoft.com/exchange/services/2006/messages/SendNotification")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
