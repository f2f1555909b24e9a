package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.TextValidator;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads the values within an element. A missing one is empty; an unreadable one is empty and counted. Not
/// thread-safe; used for one response.
final class WireValueParser {
    private final SkipTally skips;

    WireValueParser(SkipTally skips) {
        this.skips = skips;
    }

    static Optional<String> text(@Nullable String text) {
        return Optional.ofNullable(text).map(String::strip).filter(value -> !value.isEmpty());
    }

    static Optional<Boolean> truth(Optional<String> text) {
        return text.map(NotificationEventReader::truth);
    }

    Optional<Instant> time(Optional<String> text) {
        return text.flatMap(value -> skips.counted(TimestampParser.parse(value), SkipReason.UNREADABLE_VALUE));
    }

    Optional<Long> number(Optional<String> text) {
        return text.flatMap(value -> skips.counted(parsed(value), SkipReason.UNREADABLE_VALUE));
    }

    OptionalInt count(Optional<String> text) {
        return number(text)
                .map(count -> OptionalInt.of(Math.clamp(count, 0, Integer.MAX_VALUE)))
                .orElse(OptionalInt.empty());
    }

    /// Returns the watermark, if it is valid.
    Optional<Watermark> watermark(String text) {
        var watermark = TextValidator.isBookmark(text) ? Optional.of(new Watermark(text)) : Optional.<Watermark>empty();
        return skips.counted(watermark, SkipReason.UNREADABLE_VALUE);
    }

    /// Returns the id in `parent`, which every entry needs.
    Optional<ItemId> itemId(WireElement parent) {
        var element = parent.child("ItemId");
        return skips.counted(
                element.attribute("Id").map(id -> new ItemId(id, element.attribute("ChangeKey"))),
                SkipReason.MISSING_ID);
    }

    /// Returns the id in `parent`, which every entry needs.
    Optional<FolderId> folderId(WireElement parent) {
        return skips.counted(folder(parent.child("FolderId")), SkipReason.MISSING_ID);
    }

    /// Returns the id of the parent folder of an item or a folder, which is optional.
    Optional<FolderId> parentFolder(WireElement parent) {
        return parent.optionalChild("ParentFolderId")
                .flatMap(element -> skips.counted(folder(element), SkipReason.UNREADABLE_VALUE));
    }

    private static Optional<FolderId> folder(WireElement element) {
        return element.attribute("Id").map(id -> new FolderId(id, element.attribute("ChangeKey")));
    }

    /// Returns the child of `entry` that is an item or a folder of any kind: the first with an id in it. Skips
    /// every other child.
    Optional<WireElement> object(WireElement entry, String idName) {
        var children = entry.children();
        var object = children.stream()
                .filter(child -> child.child(idName).attribute("Id").isPresent())
                .findFirst();
        if (object.isEmpty()) {
            skips.count(children.isEmpty() ? SkipReason.MISSING_OBJECT : SkipReason.MISSING_ID);
        } else {
            skips.count(SkipReason.UNKNOWN_ELEMENT, children.size() - 1);
        }
        return object;
    }

    private static Optional<Long> parsed(String text) {
        try {
            return Optional.of(Long.valueOf(text));
        } catch (NumberFormatException expected) {
            return Optional.empty();
        }
    }
}
