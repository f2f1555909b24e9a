package dev.tidemark.values;

import java.util.Optional;

/// What a change is about. The element name, ItemId or FolderId, is the only thing that tells the two apart
/// (XSD, BaseObjectChangedEventType).
public sealed interface ObjectId permits ItemId, FolderId {
    /// The case-sensitive id.
    String id();

    /// The version stub that came with the id, if any; the one in a notification cannot be used for updates.
    Optional<String> changeKey();
}
