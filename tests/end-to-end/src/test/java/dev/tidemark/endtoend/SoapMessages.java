package dev.tidemark.endtoend;

/// Messages as Exchange writes them.
final class SoapMessages {
    private SoapMessages() {}

    static String heartbeat(String subscription, String previous, String last) {
        return """
                <soap11:Envelope xmlns:soap11="http://schemas.xmlsoap.org/soap/envelope/"><soap11:Body>\
                <m:SendNotification xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" \
                xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><m:ResponseMessages>\
                <m:SendNotificationResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>\
                <m:Notification><t:SubscriptionId>%s</t:SubscriptionId>\
                <t:PreviousWatermark>%s</t:PreviousWatermark><t:MoreEvents>false</t:MoreEvents>\
                <t:StatusEvent><t:Watermark>%s</t:Watermark></t:StatusEvent>\
                </m:Notification></m:SendNotificationResponseMessage></m:ResponseMessages>\
                </m:SendNotification></soap11:Body></soap11:Envelope>""".formatted(subscription, previous, last);
    }
}
