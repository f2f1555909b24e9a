package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.EwsNamespaces;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.SubscriptionStatus;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.SendNotification;
import java.nio.charset.StandardCharsets;

/// Reads call-backs and writes their answers (docs, sendnotification). Safe for use by many threads.
public final class NotificationCodec {
    private static final byte[] OK = answer(SubscriptionStatus.OK);
    private static final byte[] UNSUBSCRIBE = answer(SubscriptionStatus.UNSUBSCRIBE);

    /// The message in `body`, which is UTF-8 unless it says otherwise.
    ///
    /// What breaks the schema but still tells what happened is accepted: an error without a Notification,
    /// unknown codes, unknown elements. An unknown kind of event counts as a heartbeat where its watermark
    /// ends the notification, so that the chain stays whole.
    public SendNotification decode(byte[] body) throws MalformedMessageException {
        XmlAttributeLimiter.check(body);
        try (var cursor = XmlCursor.over(body)) {
            return new NotificationReader(cursor).read();
        } catch (InvalidValueException e) {
            throw new MalformedMessageException(String.valueOf(e.getMessage()), e);
        }
    }

    /// The answer that tells Exchange to go on, or to end the subscription: `text/xml` in UTF-8.
    public byte[] encode(SubscriptionStatus status) {
        return switch (status) {
            case OK -> OK.clone();
            case UNSUBSCRIBE -> UNSUBSCRIBE.clone();
        };
    }

    private static byte[] answer(SubscriptionStatus status) {
        return """
                <?xml version="1.0" encoding="utf-8"?>\
                <s:Envelope xmlns:s="%s"><s:Body><m:SendNotificationResult xmlns:m="%s">\
                <m:SubscriptionStatus>%s</m:SubscriptionStatus>\
                </m:SendNotificationResult></s:Body></s:Envelope>""".formatted(EwsNamespaces.SOAP, EwsNamespaces.MESSAGES, status.wireName())
                .getBytes(StandardCharsets.UTF_8);
    }
}
