package dev.tidemark.values;

import java.util.Optional;

/// Id of the object of a change. Only the element name, ItemId or FolderId, distinguishes the two (XSD,
/// BaseObjectChangedEventType).
public sealed interface ObjectId permits ItemId, FolderId {
    /// Returns the case-sensitive id.
    String id();

    /// Returns the object's version, if the message has one. That of a notification cannot be used for updates.
    Optional<String> changeKey();
}
