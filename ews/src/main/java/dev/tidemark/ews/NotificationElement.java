package dev.tidemark.ews;

import static dev.tidemark.ews.Namespaces.MESSAGES;
import static dev.tidemark.ews.Namespaces.TYPES;

import dev.tidemark.values.SkipReason;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Texts;
import java.util.Optional;

/// Reads the Notification elements of one message off a cursor, and counts their events.
final class NotificationElement {
    static final int MAX_EVENTS = 10_000;

    private final XmlCursor cursor;
    private final SkipTally skips;
    private final EventReader eventReader;
    private int events;

    NotificationElement(XmlCursor cursor, SkipTally skips) {
        this.cursor = cursor;
        this.skips = skips;
        this.eventReader = new EventReader(cursor, skips);
    }

    /// The notification that the cursor stands on, which need not be whole.
    NotificationParts read() throws MalformedMessageException {
        var parts = new NotificationParts(skips);
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
            case "PreviousWatermark" -> parts.previousWatermark = eventReader.watermark(cursor.text());
            case "MoreEvents" -> parts.moreEvents = EventReader.truth(cursor.text());
            default -> {
                if (cursor.isIn(MESSAGES) && !EventReader.isEvent(cursor.name())) {
                    cursor.skip();
                } else {
                    NotificationReader.require(
                            ++events <= MAX_EVENTS, "The message has more than " + MAX_EVENTS + " events.");
                    eventReader.read(parts);
                }
            }
        }
    }

    /// Skips an element of another namespace; counts one that has the name of an event.
    private void skipForeign() throws MalformedMessageException {
        if (EventReader.isEvent(cursor.name())) {
            skips.count(SkipReason.UNKNOWN_ELEMENT);
        }
        cursor.skip();
    }

    static Optional<SubscriptionId> subscriptionId(String text) {
        return Optional.of(text).filter(Texts::isBookmark).map(SubscriptionId::new);
    }
}
