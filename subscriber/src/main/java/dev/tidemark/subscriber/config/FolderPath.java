package dev.tidemark.subscriber.config;

import java.util.List;

/// Path of folder display names, from the top of the mailbox down.
public record FolderPath(List<String> names) {
    /// Prefix of a path in configuration.
    public static final String SCHEME = "path:";

    public FolderPath {
        names = List.copyOf(names);
        if (names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException(
                    "A path needs folder names; write it like " + SCHEME + "/Inbox/Invoices.");
        }
    }

    /// Parses `path:/Inbox/Invoices`.
    ///
    /// @throws IllegalArgumentException if the text is not a path
    public static FolderPath parse(String text) {
        if (!text.startsWith(SCHEME + "/")) {
            throw new IllegalArgumentException("A path must begin with " + SCHEME + "/");
        }
        return new FolderPath(List.of(text.substring(SCHEME.length() + 1).split("/", -1)));
    }

    @Override
    public String toString() {
        return SCHEME + "/" + String.join("/", names);
    }
}
