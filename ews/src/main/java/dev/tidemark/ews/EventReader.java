package dev.tidemark.ews;

import static dev.tidemark.ews.Namespaces.TYPES;

import dev.tidemark.ews.MailboxEvent.ChangeEvent;
import dev.tidemark.ews.MailboxEvent.StatusEvent;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the events of a notification.
final class EventReader {
    private static final String STATUS = "StatusEvent";
    private static final Map<String, ChangeKind> KINDS = Stream.of(ChangeKind.values())
            .collect(Collectors.toUnmodifiableMap(ChangeKind::elementName, Function.identity()));

    private final XmlCursor cursor;

    EventReader(XmlCursor cursor) {
        this.cursor = cursor;
    }

    static boolean isEvent(String name) {
        return name.equals(STATUS) || KINDS.containsKey(name);
    }

    /// Adds the event that the cursor stands on to `parts`.
    void read(NotificationParts parts) throws MalformedMessageException {
        var name = cursor.name();
        var kind = KINDS.get(name);
        var draft = new Draft();
        while (cursor.nextChild()) {
            readPart(draft);
        }
        if (kind != null) {
            parts.add(draft.change(kind));
        } else if (name.equals(STATUS)) {
            parts.add(new StatusEvent(draft.watermark));
        } else {
            parts.passOver(draft.watermark);
        }
    }

    private void readPart(Draft draft) throws MalformedMessageException {
        if (!cursor.isIn(TYPES)) {
            cursor.skip();
            return;
        }
        switch (cursor.name()) {
            case "Watermark" -> draft.watermark = watermark(cursor.text());
            case "TimeStamp" -> draft.timeStamp = Timestamps.parse(cursor.text());
            case "ItemId" -> draft.target = Optional.of(itemId());
            case "FolderId" -> draft.target = Optional.of(folderId());
            case "ParentFolderId" -> draft.parentFolder = Optional.of(folderId());
            case "OldItemId" -> draft.old = Optional.of(itemId());
            case "OldFolderId" -> draft.old = Optional.of(folderId());
            case "OldParentFolderId" -> draft.oldParentFolder = Optional.of(folderId());
            case "UnreadCount" -> draft.unreadCount = count(cursor.text());
            default -> cursor.skip();
        }
    }

    private ItemId itemId() throws MalformedMessageException {
        var id = new ItemId(cursor.attribute("Id").orElse(""), cursor.attribute("ChangeKey"));
        cursor.skip();
        return id;
    }

    private FolderId folderId() throws MalformedMessageException {
        var id = new FolderId(cursor.attribute("Id").orElse(""), cursor.attribute("ChangeKey"));
        cursor.skip();
        return id;
    }

    static Optional<Watermark> watermark(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(new Watermark(text));
    }

    /// An xs:boolean; what is none counts as false.
    static boolean truth(String text) {
        return text.equals("true") || text.equals("1");
    }

    private static OptionalInt count(String text) {
        try {
            return OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException expected) {
            return OptionalInt.empty();
        }
    }

    /// What has been read of an event so far.
    private static final class Draft {
        private Optional<Watermark> watermark = Optional.empty();
        private Optional<Instant> timeStamp = Optional.empty();
        private Optional<ObjectId> target = Optional.empty();
        private Optional<FolderId> parentFolder = Optional.empty();
        private Optional<ObjectId> old = Optional.empty();
        private Optional<FolderId> oldParentFolder = Optional.empty();
        private OptionalInt unreadCount = OptionalInt.empty();

        ChangeEvent change(ChangeKind kind) throws MalformedMessageException {
            var object = target.orElseThrow(
                    () -> new MalformedMessageException("A " + kind.elementName() + " names no item and no folder."));
            return new ChangeEvent(kind, watermark, timeStamp, object, parentFolder, old, oldParentFolder, unreadCount);
        }
    }
}
