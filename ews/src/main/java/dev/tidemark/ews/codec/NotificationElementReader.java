package dev.tidemark.ews.codec;

import static dev.tidemark.ews.message.EwsNamespaces.MESSAGES;
import static dev.tidemark.ews.message.EwsNamespaces.TYPES;

import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.TextValidator;
import java.util.Optional;

/// Reads the Notification elements of one message from a cursor, and limits the number of their events. Not
/// thread-safe; used for one message.
final class NotificationElementReader {
    static final int MAX_EVENTS = 10_000;

    private final XmlCursor cursor;
    private final SkipTally skips;
    private final NotificationEventReader eventReader;
    private int events;

    NotificationElementReader(XmlCursor cursor, SkipTally skips) {
        this.cursor = cursor;
        this.skips = skips;
        this.eventReader = new NotificationEventReader(cursor, skips);
    }

    /// Returns the parts of the notification that the cursor stands on; it may be incomplete.
    NotificationBuilder read() throws MalformedMessageException {
        var parts = new NotificationBuilder(skips);
        while (cursor.nextChild()) {
            readPart(parts);
        }
        return parts;
    }

    private void readPart(NotificationBuilder parts) throws MalformedMessageException {
        if (!cursor.isIn(TYPES) && !cursor.isIn(MESSAGES)) {
            skipForeign();
            return;
        }
        switch (cursor.name()) {
            case "SubscriptionId" -> parts.subscriptionId = subscriptionId(cursor.text());
            case "PreviousWatermark" -> parts.previousWatermark = eventReader.watermark(cursor.text());
            case "MoreEvents" -> parts.moreEvents = NotificationEventReader.truth(cursor.text());
            default -> {
                if (cursor.isIn(MESSAGES) && !NotificationEventReader.isEvent(cursor.name())) {
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
        if (NotificationEventReader.isEvent(cursor.name())) {
            skips.count(SkipReason.UNKNOWN_ELEMENT);
        }
        cursor.skip();
    }

    static Optional<SubscriptionId> subscriptionId(String text) {
        return Optional.of(text).filter(TextValidator::isBookmark).map(SubscriptionId::new);
    }
}
