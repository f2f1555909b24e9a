package dev.tidemark.ews.codec;

import static dev.tidemark.ews.message.EwsNamespaces.MESSAGES;
import static dev.tidemark.ews.message.EwsNamespaces.TYPES;

import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxEvent.ChangeEvent;
import dev.tidemark.values.MailboxEvent.StatusEvent;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the events of a notification. Not thread-safe; used for one message.
final class NotificationEventReader {
    private static final String STATUS = "StatusEvent";
    private static final Map<String, ChangeKind> KINDS = Stream.of(ChangeKind.values())
            .collect(Collectors.toUnmodifiableMap(ChangeKind::elementName, Function.identity()));

    private final XmlCursor cursor;
    private final SkipTally skips;
    private final WireValueParser values;

    NotificationEventReader(XmlCursor cursor, SkipTally skips) {
        this.cursor = cursor;
        this.skips = skips;
        this.values = new WireValueParser(skips);
    }

    static boolean isEvent(String name) {
        return name.equals(STATUS) || KINDS.containsKey(name);
    }

    /// Adds the event that the cursor stands on to `parts`. Counts and skips one that it cannot understand, but
    /// keeps its watermark.
    void read(NotificationBuilder parts) throws MalformedMessageException {
        var name = cursor.name();
        var kind = KINDS.get(name);
        var event = new EventParts();
        while (cursor.nextChild()) {
            readPart(event);
        }
        if (name.equals(STATUS)) {
            parts.add(new StatusEvent(event.watermark));
        } else if (kind != null && event.target.isPresent()) {
            parts.add(event.change(kind, event.target.get()));
        } else {
            skips.count(kind == null ? SkipReason.UNKNOWN_ELEMENT : SkipReason.MISSING_ID);
            parts.skipEvent(event.watermark);
        }
    }

    private void readPart(EventParts event) throws MalformedMessageException {
        if (!cursor.isIn(TYPES) && !cursor.isIn(MESSAGES)) {
            cursor.skip();
            return;
        }
        switch (cursor.name()) {
            case "Watermark" -> event.watermark = watermark(cursor.text());
            case "TimeStamp" -> event.timeStamp = optional(TimestampParser.parse(cursor.text()));
            case "ItemId" -> event.target = itemId();
            case "FolderId" -> event.target = folderId().map(ObjectId.class::cast);
            case "ParentFolderId" -> event.parentFolder = optional(folderId());
            case "OldItemId" -> event.old = optional(itemId());
            case "OldFolderId" -> event.old = optional(folderId()).map(ObjectId.class::cast);
            case "OldParentFolderId" -> event.oldParentFolder = optional(folderId());
            case "UnreadCount" -> event.unreadCount = values.count(Optional.of(cursor.text()));
            default -> cursor.skip();
        }
    }

    /// Returns an optional value of an event, and counts one that is unreadable.
    private <T> Optional<T> optional(Optional<T> value) {
        return skips.counted(value, SkipReason.UNREADABLE_VALUE);
    }

    private Optional<ObjectId> itemId() throws MalformedMessageException {
        var id = cursor.attribute("Id").orElse("");
        var changeKey = cursor.attribute("ChangeKey");
        cursor.skip();
        return id.isBlank() ? Optional.empty() : Optional.of(new ItemId(id, changeKey));
    }

    private Optional<FolderId> folderId() throws MalformedMessageException {
        var id = cursor.attribute("Id").orElse("");
        var changeKey = cursor.attribute("ChangeKey");
        cursor.skip();
        return id.isBlank() ? Optional.empty() : Optional.of(new FolderId(id, changeKey));
    }

    Optional<Watermark> watermark(String text) {
        return text.isEmpty() ? Optional.empty() : values.watermark(text);
    }

    /// Returns the value of an xs:boolean; false for any other text.
    static boolean truth(String text) {
        return text.equals("true") || text.equals("1");
    }

    /// Collected parts of an event.
    private static final class EventParts {
        private Optional<Watermark> watermark = Optional.empty();
        private Optional<Instant> timeStamp = Optional.empty();
        private Optional<ObjectId> target = Optional.empty();
        private Optional<FolderId> parentFolder = Optional.empty();
        private Optional<ObjectId> old = Optional.empty();
        private Optional<FolderId> oldParentFolder = Optional.empty();
        private OptionalInt unreadCount = OptionalInt.empty();

        ChangeEvent change(ChangeKind kind, ObjectId object) {
            return new ChangeEvent(kind, watermark, timeStamp, object, parentFolder, old, oldParentFolder, unreadCount);
        }
    }
}
