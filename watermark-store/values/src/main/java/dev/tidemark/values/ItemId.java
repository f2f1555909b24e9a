package dev.tidemark.values;

import java.util.Optional;

/// Id of a message or other item. It changes when the item moves to another folder.
public record ItemId(String id, Optional<String> changeKey) implements ObjectId {
    public ItemId {
        TextValidator.requireToken(id, "item id");
    }

    public static ItemId of(String id) {
        return new ItemId(id, Optional.empty());
    }
}
