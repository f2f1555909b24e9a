package dev.tidemark.ews;

import static dev.tidemark.ews.Namespaces.MESSAGES;
import static dev.tidemark.ews.Namespaces.TYPES;

import java.util.Optional;

/// Reads the Notification elements of one message off a cursor, and counts their events.
final class NotificationElement {
    static final int MAX_EVENTS = 10_000;

    private final XmlCursor cursor;
    private final EventReader eventReader;
    private int events;

    NotificationElement(XmlCursor cursor) {
        this.cursor = cursor;
        this.eventReader = new EventReader(cursor);
    }

    /// The notification that the cursor stands on, which need not be whole.
    NotificationParts read() throws MalformedMessageException {
        var parts = new NotificationParts();
        while (cursor.nextChild()) {
            readPart(parts);
        }
        return parts;
    }

    private void readPart(NotificationParts parts) throws MalformedMessageException {
        if (!cursor.isIn(TYPES) && !cursor.isIn(MESSAGES)) {
            skipForeign();
            return;
        }
        switch (cursor.name()) {
            case "SubscriptionId" -> parts.subscriptionId = subscriptionId(cursor.text());
            case "PreviousWatermark" -> parts.previousWatermark = EventReader.watermark(cursor.text());
            case "MoreEvents" -> parts.moreEvents = EventReader.truth(cursor.text());
            default -> {
                if (cursor.isIn(MESSAGES)) {
                    skipForeign();
                } else {
                    NotificationReader.require(
                            ++events <= MAX_EVENTS, "The message has more than " + MAX_EVENTS + " events.");
                    eventReader.read(parts);
                }
            }
        }
    }

    /// What is not of the protocol may be there, but an event in the wrong namespace must not get lost.
    private void skipForeign() throws MalformedMessageException {
        NotificationReader.require(
                !EventReader.isEvent(cursor.name()), "An event is not in the namespace " + TYPES + ".");
        cursor.skip();
    }

    static Optional<SubscriptionId> subscriptionId(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(new SubscriptionId(text));
    }
}
