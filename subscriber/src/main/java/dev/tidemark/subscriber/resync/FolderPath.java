package dev.tidemark.subscriber.resync;

import java.util.List;

/// A folder by what people call it and the folders above it, from the top of the mailbox down.
public record FolderPath(List<String> names) {
    /// What a path begins with in configuration.
    public static final String SCHEME = "path:";

    public FolderPath {
        names = List.copyOf(names);
        if (names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("A path names folders, like " + SCHEME + "/Inbox/Invoices.");
        }
    }

    /// Reads `path:/Inbox/Invoices`.
    ///
    /// @throws IllegalArgumentException if it is none
    public static FolderPath parse(String text) {
        if (!text.startsWith(SCHEME + "/")) {
            throw new IllegalArgumentException("A path begins with " + SCHEME + "/");
        }
        return new FolderPath(List.of(text.substring(SCHEME.length() + 1).split("/", -1)));
    }

    @Override
    public String toString() {
        return SCHEME + "/" + String.join("/", names);
    }
}
