package dev.tidemark.ews;

import java.nio.charset.StandardCharsets;

/// Creates messages in the form of a server's, for tests.
public final class SoapText {
    public static final String M = "http://schemas.microsoft.com/exchange/services/2006/messages";
    public static final String T = "http://schemas.microsoft.com/exchange/services/2006/types";
    public static final String E = "http://schemas.microsoft.com/exchange/services/2006/errors";

    private SoapText() {}

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String envelope(String body) {
        return """
                <?xml version="1.0" encoding="utf-8"?>
                <soap11:Envelope xmlns:soap11="http://schemas.xmlsoap.org/soap/envelope/">
                  <soap11:Header>
                    <t:RequestServerVersion Version="Exchange2013" xmlns:t="%s"/>
                  </soap11:Header>
                  <soap11:Body xmlns:m="%s" xmlns:t="%s">%s</soap11:Body>
                </soap11:Envelope>
                """.formatted(T, M, T, body);
    }

    public static String sendNotification(String messages) {
        return envelope(
                "<m:SendNotification><m:ResponseMessages>" + messages + "</m:ResponseMessages></m:SendNotification>");
    }

    public static String success(String notification) {
        return "<m:SendNotificationResponseMessage ResponseClass=\"Success\"><m:ResponseCode>NoError</m:ResponseCode>"
                + "<m:Notification>" + notification + "</m:Notification></m:SendNotificationResponseMessage>";
    }

    /// Returns a callback with one notification of these events.
    public static String callback(String events) {
        return sendNotification(success("<t:SubscriptionId>sub-1</t:SubscriptionId>"
                + "<t:PreviousWatermark>wm-0</t:PreviousWatermark><t:MoreEvents>false</t:MoreEvents>" + events));
    }

    public static String heartbeat(String watermark) {
        return "<t:StatusEvent><t:Watermark>" + watermark + "</t:Watermark></t:StatusEvent>";
    }

    public static String newMail(String watermark, String item) {
        return "<t:NewMailEvent><t:Watermark>" + watermark + "</t:Watermark>"
                + "<t:TimeStamp>2026-03-01T10:20:30Z</t:TimeStamp><t:ItemId Id=\"" + item
                + "\" ChangeKey=\"CQAAAA==\"/>"
                + "<t:ParentFolderId Id=\"folder-1\" ChangeKey=\"AQAAAA==\"/></t:NewMailEvent>";
    }
}
