package dev.tidemark.watermark;

import java.util.regex.Pattern;

/// A mailbox's name within Tidemark: `mbx_` and 16 characters that stand for ten bytes. Assigned once by the
/// store, never reused, and kept when the mailbox is removed and added again.
public record MailboxId(String value) implements Comparable<MailboxId> {
    private static final Pattern SHAPE = Pattern.compile("mbx_[a-z2-7]{16}");

    public MailboxId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("'" + value + "' is not a mailbox id; expected mbx_ and 16 characters.");
        }
    }

    @Override
    public int compareTo(MailboxId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
