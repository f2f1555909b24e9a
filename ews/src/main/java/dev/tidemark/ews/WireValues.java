package dev.tidemark.ews;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the simple values of the wire; what is missing or unreadable is empty.
final class WireValues {
    private WireValues() {}

    static Optional<String> text(@Nullable String text) {
        return Optional.ofNullable(text).map(String::strip).filter(value -> !value.isEmpty());
    }

    static Optional<Boolean> truth(@Nullable String text) {
        return text(text).map(EventReader::truth);
    }

    static Optional<Instant> time(@Nullable String text) {
        return text(text).flatMap(Timestamps::parse);
    }

    static Optional<Long> number(@Nullable String text) {
        try {
            return text(text).map(Long::valueOf);
        } catch (NumberFormatException expected) {
            return Optional.empty();
        }
    }

    /// An id is never missing: nothing can be done with an object without it.
    static ItemId itemId(Wire.@Nullable Id id) {
        return id == null
                ? ItemId.of("")
                : new ItemId(Optional.ofNullable(id.id()).orElse(""), Optional.ofNullable(id.changeKey()));
    }

    static FolderId folderId(Wire.@Nullable Id id) {
        return id == null
                ? FolderId.of("")
                : new FolderId(Optional.ofNullable(id.id()).orElse(""), Optional.ofNullable(id.changeKey()));
    }
}
