package dev.tidemark.listener;

/// Bodies as Exchange sends them.
final class CallbackBodies {
    private CallbackBodies() {}

    static String newMail(String previous, String watermark, String item) {
        return notification(previous, """
                <t:NewMailEvent><t:Watermark>%s</t:Watermark><t:TimeStamp>2026-11-01T09:15:02Z</t:TimeStamp>\
                <t:ItemId Id="%s" ChangeKey="CQAAAA=="/><t:ParentFolderId Id="inbox-id" ChangeKey="AQAAAA=="/>\
                </t:NewMailEvent>""".formatted(watermark, item));
    }

    /// Returns messages with these items; an empty name has no ItemId.
    static String newMails(String previous, String... items) {
        var events = new StringBuilder();
        for (var item : items) {
            var id = item.isEmpty() ? "" : "<t:ItemId Id=\"" + item + "\"/>";
            events.append("<t:NewMailEvent><t:Watermark>w-" + item + "</t:Watermark>" + id + "</t:NewMailEvent>");
        }
        return notification(previous, events.toString());
    }

    static String heartbeat(String previous, String watermark) {
        return notification(
                previous, "<t:StatusEvent><t:Watermark>%s</t:Watermark></t:StatusEvent>".formatted(watermark));
    }

    static String error(String code) {
        return envelope("""
                <m:SendNotificationResponseMessage ResponseClass="Error"><m:MessageText>It ended.</m:MessageText>\
                <m:ResponseCode>%s</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>\
                </m:SendNotificationResponseMessage>""".formatted(code));
    }

    private static String notification(String previous, String events) {
        return envelope("""
                <m:SendNotificationResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>\
                <m:Notification><t:SubscriptionId>sub-1</t:SubscriptionId>\
                <t:PreviousWatermark>%s</t:PreviousWatermark><t:MoreEvents>false</t:MoreEvents>%s</m:Notification>\
                </m:SendNotificationResponseMessage>""".formatted(previous, events));
    }

    private static String envelope(String message) {
        return """
                <?xml version="1.0" encoding="utf-8"?>\
                <soap11:Envelope xmlns:soap11="http://schemas.xmlsoap.org/soap/envelope/"><soap11:Body>\
                <m:SendNotification xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" \
                xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">\
                <m:ResponseMessages>%s</m:ResponseMessages></m:SendNotification></soap11:Body></soap11:Envelope>""".formatted(message);
    }
}
