package dev.tidemark.store.change;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.MailboxAddress;
import java.util.Arrays;

/// A mailbox's row as it is stored: the body is what the rules write, and says up to which position it is true.
/// Immutable and thread-safe. Guarantees that the row fits its table.
public final class MailboxRow {
    private final MailboxId id;
    private final MailboxAddress address;
    private final byte[] body;

    /// @param body not copied; must not be written to afterwards
    public MailboxRow(MailboxId id, MailboxAddress address, byte[] body) {
        ChangeLimits.text(address.value(), ChangeLimits.ADDRESS, "address of a mailbox");
        this.id = id;
        this.address = address;
        this.body = ChangeLimits.bytes(body, ChangeLimits.MAILBOX_BODY, "state of mailbox " + address);
    }

    public MailboxId id() {
        return id;
    }

    public MailboxAddress address() {
        return address;
    }

    public byte[] body() {
        return body;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MailboxRow row
                && id.equals(row.id)
                && address.equals(row.address)
                && Arrays.equals(body, row.body);
    }

    @Override
    public int hashCode() {
        return 31 * id.hashCode() + Arrays.hashCode(body);
    }

    @Override
    public String toString() {
        return "MailboxRow[id=" + id + ", address=" + address + ", body=" + body.length + " bytes]";
    }
}
