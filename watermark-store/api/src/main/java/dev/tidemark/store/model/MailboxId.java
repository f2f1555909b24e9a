package dev.tidemark.store.model;

import java.util.Optional;

/// Id of a mailbox within Tidemark: `mbx_` and 16 characters that encode ten bytes. Assigned once by the store,
/// never reused, and kept when the mailbox is removed and added again.
public record MailboxId(String value) implements Comparable<MailboxId> {
    private static final String PREFIX = "mbx_";
    private static final int LENGTH = PREFIX.length() + 16;

    public MailboxId {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("'" + value + "' is not a mailbox id; expected mbx_ and 16 characters.");
        }
    }

    /// Returns the id with this text; empty if it is none.
    public static Optional<MailboxId> find(String text) {
        return isWellFormed(text) ? Optional.of(new MailboxId(text)) : Optional.empty();
    }

    @Override
    public int compareTo(MailboxId other) {
        return value.compareTo(other.value);
    }

    /// Checks without a regular expression, because every event that is read creates an id.
    private static boolean isWellFormed(String text) {
        if (text.length() != LENGTH || !text.startsWith(PREFIX)) {
            return false;
        }
        for (var i = PREFIX.length(); i < LENGTH; i++) {
            var letter = text.charAt(i);
            if (!((letter >= 'a' && letter <= 'z') || (letter >= '2' && letter <= '7'))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return value;
    }
}
