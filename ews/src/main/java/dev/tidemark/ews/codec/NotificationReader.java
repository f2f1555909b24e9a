package dev.tidemark.ews.codec;

import static dev.tidemark.ews.message.EwsNamespaces.MESSAGES;
import static dev.tidemark.ews.message.EwsNamespaces.SOAP;
import static dev.tidemark.ews.message.EwsNamespaces.TYPES;

import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.NotificationMessage.Failure;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.TextValidator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads one SendNotification from a cursor: envelope, response messages, notifications. Not thread-safe; used
/// for one message.
final class NotificationReader {
    /// Placeholder for the code of an error callback without one, which must not be lost.
    static final ResponseCode NO_CODE = new ResponseCode("ErrorUnspecified");

    private final XmlCursor cursor;
    private final SkipTally skips = new SkipTally(SendNotification.OPERATION);
    private final NotificationElementReader notifications;
    private final List<NotificationMessage> messages = new ArrayList<>(1);

    NotificationReader(XmlCursor cursor) {
        this.cursor = cursor;
        this.notifications = new NotificationElementReader(cursor, skips);
    }

    SendNotification read() throws MalformedMessageException {
        require(cursor.is(SOAP, "Envelope"), "The message is not a SOAP 1.1 envelope.");
        while (cursor.nextChild()) {
            if (cursor.is(SOAP, "Body")) {
                readBody();
            } else {
                cursor.skip();
            }
        }
        cursor.finish();
        require(!messages.isEmpty(), "The envelope holds no SendNotification with a readable response message.");
        return new SendNotification(messages, skips.parts());
    }

    private void readBody() throws MalformedMessageException {
        while (cursor.nextChild()) {
            require(cursor.is(MESSAGES, "SendNotification"), "The envelope's body is not a SendNotification.");
            while (cursor.nextChild()) {
                if (cursor.is(MESSAGES, "ResponseMessages")) {
                    readMessages();
                } else {
                    cursor.skip();
                }
            }
        }
    }

    private void readMessages() throws MalformedMessageException {
        while (cursor.nextChild()) {
            if (cursor.is(MESSAGES, "SendNotificationResponseMessage")) {
                readMessage();
            } else {
                skips.count(SkipReason.UNKNOWN_ELEMENT);
                cursor.skip();
            }
        }
    }

    private void readMessage() throws MalformedMessageException {
        var error = cursor.attribute("ResponseClass").filter("Error"::equals).isPresent();
        var parts = new MessageParts();
        while (cursor.nextChild()) {
            readMessagePart(parts, error);
        }
        if (error || (parts.notifications.isEmpty() && parts.hasErrorCode())) {
            messages.add(parts.failure());
        } else if (!parts.holdsNotification) {
            skips.count(SkipReason.MISSING_OBJECT);
        }
        messages.addAll(parts.notifications);
    }

    private void readMessagePart(MessageParts parts, boolean error) throws MalformedMessageException {
        if (!cursor.isIn(MESSAGES) && !cursor.isIn(TYPES)) {
            cursor.skip();
            return;
        }
        switch (cursor.name()) {
            case "ResponseCode" -> parts.code = code(cursor.text());
            case "MessageText" -> parts.text = TextValidator.oneLine(cursor.text());
            case "SubscriptionId" -> parts.subscriptionId = NotificationElementReader.subscriptionId(cursor.text());
            case "MessageXml" -> readMessageXml(parts);
            case "Notification" -> readNotification(parts, error);
            default -> cursor.skip();
        }
    }

    /// Reads the subscription's id of an error callback, which has no Notification for it.
    private void readMessageXml(MessageParts parts) throws MalformedMessageException {
        while (cursor.nextChild()) {
            var named =
                    cursor.attribute("Name").filter("SubscriptionId"::equals).isPresent();
            if (named && cursor.name().equals("Value")) {
                parts.subscriptionId = NotificationElementReader.subscriptionId(cursor.text());
            } else {
                cursor.skip();
            }
        }
    }

    private void readNotification(MessageParts parts, boolean error) throws MalformedMessageException {
        var notification = notifications.read();
        parts.holdsNotification = true;
        if (error) {
            // the subscription has ended; the next one reports these events again
            parts.subscriptionId = notification.subscriptionId.or(() -> parts.subscriptionId);
        } else {
            notification.notification().ifPresent(parts.notifications::add);
        }
    }

    private static Optional<ResponseCode> code(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(new ResponseCode(text));
    }

    static void require(boolean holds, String otherwise) throws MalformedMessageException {
        if (!holds) {
            throw new MalformedMessageException(otherwise);
        }
    }

    /// Collected parts of a response message.
    private static final class MessageParts {
        private boolean holdsNotification;
        private Optional<ResponseCode> code = Optional.empty();
        private String text = "";
        private Optional<SubscriptionId> subscriptionId = Optional.empty();
        private final List<Notification> notifications = new ArrayList<>(1);

        boolean hasErrorCode() {
            return code.filter(named -> !named.equals(ResponseCode.NO_ERROR)).isPresent();
        }

        Failure failure() {
            return new Failure(subscriptionId, code.orElse(NO_CODE), text);
        }
    }
}
