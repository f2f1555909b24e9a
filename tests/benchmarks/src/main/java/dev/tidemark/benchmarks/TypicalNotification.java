package dev.tidemark.benchmarks;

import java.nio.charset.StandardCharsets;

/// Typical callback: one new message in an inbox, 1.4 kB in one line, with ids as long as Exchange's.
final class TypicalNotification {
    private static final String ITEM = id("AAMkAGYzNDgzOTU5LTM2ZTAtNGExMC04YjQyLTlkMzUxM2MzZjBkOQBG", 152);
    private static final String FOLDER = id("AAMkAGYzNDgzOTU5LTM2ZTAtNGExMC04YjQyLTlkMzUxM2MzZjBkOQAu", 120);
    private static final String SUBSCRIPTION = id("EQBtYWlsLmV4YW1wbGUuY29tEAAAAB", 64);

    private TypicalNotification() {}

    static byte[] bytes() {
        return """
                <?xml version="1.0" encoding="utf-8"?>\
                <soap11:Envelope xmlns:soap11="http://schemas.xmlsoap.org/soap/envelope/">\
                <soap11:Header><t:RequestServerVersion \
                xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" Version="Exchange2013_SP1"/>\
                </soap11:Header><soap11:Body>\
                <m:SendNotification xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" \
                xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><m:ResponseMessages>\
                <m:SendNotificationResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>\
                <m:Notification><t:SubscriptionId>%s</t:SubscriptionId>\
                <t:PreviousWatermark>%s</t:PreviousWatermark><t:MoreEvents>false</t:MoreEvents>\
                <t:NewMailEvent><t:Watermark>%s</t:Watermark><t:TimeStamp>2026-11-01T09:15:02Z</t:TimeStamp>\
                <t:ItemId Id="%s" ChangeKey="CQAAAA=="/><t:ParentFolderId Id="%s" ChangeKey="AQAAAA=="/>\
                </t:NewMailEvent></m:Notification></m:SendNotificationResponseMessage></m:ResponseMessages>\
                </m:SendNotification></soap11:Body></soap11:Envelope>""".formatted(SUBSCRIPTION, id("AQAAAMNuF7", 40), id("AQAAAMNuF7", 40), ITEM, FOLDER)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String id(String start, int length) {
        return start + "Q".repeat(length - start.length() - 1) + "=";
    }
}
