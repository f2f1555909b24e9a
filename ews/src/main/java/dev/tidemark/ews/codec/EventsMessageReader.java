package dev.tidemark.ews.codec;

import static dev.tidemark.ews.message.EwsNamespaces.MESSAGES;
import static dev.tidemark.ews.message.EwsNamespaces.TYPES;

import dev.tidemark.ews.message.EventsMessage;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.ProtocolError;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.SubscriptionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads responses with events, of GetEvents and GetStreamingEvents, from a cursor that stands on them. They
/// share the Notification with callbacks. Not thread-safe; used for one response.
final class EventsMessageReader {
    private final XmlCursor cursor;
    private final SkipTally skips;
    private final NotificationElementReader notifications;

    EventsMessageReader(XmlCursor cursor, SkipTally skips) {
        this.cursor = cursor;
        this.skips = skips;
        this.notifications = new NotificationElementReader(cursor, skips);
    }

    /// Returns the response messages, at least one.
    List<EventsMessage> read(EwsOperation operation) throws MalformedMessageException {
        var messages = new ArrayList<EventsMessage>(1);
        while (cursor.nextChild()) {
            if (cursor.is(MESSAGES, "ResponseMessages")) {
                readMessages(operation.responseName() + "Message", messages);
            } else {
                cursor.skip();
            }
        }
        NotificationReader.require(!messages.isEmpty(), "The response holds no response message.");
        return messages;
    }

    private void readMessages(String name, List<EventsMessage> messages) throws MalformedMessageException {
        while (cursor.nextChild()) {
            if (cursor.is(MESSAGES, name)) {
                messages.add(readMessage());
            } else {
                skips.count(SkipReason.UNKNOWN_ELEMENT);
                cursor.skip();
            }
        }
    }

    private EventsMessage readMessage() throws MalformedMessageException {
        var parts = new MessageParts();
        parts.error = cursor.attribute("ResponseClass").filter("Error"::equals).isPresent();
        while (cursor.nextChild()) {
            readPart(parts);
        }
        return parts.message();
    }

    private void readPart(MessageParts parts) throws MalformedMessageException {
        if (!cursor.isIn(MESSAGES) && !cursor.isIn(TYPES)) {
            cursor.skip();
            return;
        }
        switch (cursor.name()) {
            case "ResponseCode" -> parts.code = cursor.text();
            case "MessageText" -> parts.text = cursor.text();
            case "MessageXml" -> readMessageXml(parts);
            case "Notifications" -> readNotifications(parts);
            case "Notification" -> readNotification(parts);
            case "ErrorSubscriptionIds" -> readRefused(parts);
            case "ConnectionStatus" -> parts.closed = cursor.text().equals("Closed");
            default -> cursor.skip();
        }
    }

    private void readMessageXml(MessageParts parts) throws MalformedMessageException {
        while (cursor.nextChild()) {
            var name = cursor.attribute("Name");
            if (name.isPresent() && cursor.name().equals("Value")) {
                parts.details.putIfAbsent(name.get(), cursor.text());
            } else {
                cursor.skip();
            }
        }
    }

    /// Reads the notifications. The schema has them in the namespace of types; servers use that of messages.
    private void readNotifications(MessageParts parts) throws MalformedMessageException {
        while (cursor.nextChild()) {
            if (cursor.is(MESSAGES, "Notification") || cursor.is(TYPES, "Notification")) {
                readNotification(parts);
            } else {
                cursor.skip();
            }
        }
    }

    private void readNotification(MessageParts parts) throws MalformedMessageException {
        var notification = notifications.read();
        if (!parts.error) {
            notification.notification().ifPresent(parts.notifications::add);
        }
    }

    private void readRefused(MessageParts parts) throws MalformedMessageException {
        while (cursor.nextChild()) {
            if (cursor.name().equals("SubscriptionId")) {
                NotificationElementReader.subscriptionId(cursor.text()).ifPresent(parts.refused::add);
            } else {
                cursor.skip();
            }
        }
    }

    /// Collected parts of a response message.
    private static final class MessageParts {
        private boolean error;
        private String code = "";
        private String text = "";
        private boolean closed;
        private final Map<String, String> details = new HashMap<>(0);
        private final List<Notification> notifications = new ArrayList<>(1);
        private final List<SubscriptionId> refused = new ArrayList<>(0);

        EventsMessage message() {
            var problem = error
                    ? Optional.of(ProtocolErrorExtractor.of(code, text, details))
                    : Optional.<ProtocolError>empty();
            return new EventsMessage(problem, List.copyOf(notifications), List.copyOf(refused), closed);
        }
    }
}
