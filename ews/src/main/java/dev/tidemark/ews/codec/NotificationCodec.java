package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.EwsNamespaces;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.SubscriptionStatus;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.SendNotification;
import java.nio.charset.StandardCharsets;

/// Reads callbacks and writes their responses (docs, sendnotification). Called by the listener's decoder
/// threads. Thread-safe.
public final class NotificationCodec {
    private static final byte[] OK = response(SubscriptionStatus.OK);
    private static final byte[] UNSUBSCRIBE = response(SubscriptionStatus.UNSUBSCRIBE);

    /// Returns the message in `body`, which is UTF-8 unless it declares another encoding.
    ///
    /// Accepts violations of the schema that keep the content: an error without a Notification, unknown codes,
    /// unknown elements. An unknown kind of event counts as a heartbeat if its watermark ends the notification,
    /// so the chain stays complete.
    public SendNotification decode(byte[] body) throws MalformedMessageException {
        XmlAttributeLimiter.check(body);
        try (var cursor = XmlCursor.over(body)) {
            return new NotificationReader(cursor).read();
        } catch (InvalidValueException e) {
            throw new MalformedMessageException(String.valueOf(e.getMessage()), e);
        }
    }

    /// Returns the response that makes Exchange continue or end the subscription: `text/xml` in UTF-8.
    public byte[] encode(SubscriptionStatus status) {
        return switch (status) {
            case OK -> OK.clone();
            case UNSUBSCRIBE -> UNSUBSCRIBE.clone();
        };
    }

    private static byte[] response(SubscriptionStatus status) {
        return """
                <?xml version="1.0" encoding="utf-8"?>\
                <s:Envelope xmlns:s="%s"><s:Body><m:SendNotificationResult xmlns:m="%s">\
                <m:SubscriptionStatus>%s</m:SubscriptionStatus>\
                </m:SendNotificationResult></s:Body></s:Envelope>""".formatted(EwsNamespaces.SOAP, EwsNamespaces.MESSAGES, status.wireName())
                .getBytes(StandardCharsets.UTF_8);
    }
}
