package dev.tidemark.store.change;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.MailboxAddress;
import java.util.Arrays;

/// Row of a mailbox as stored. The rules write the body, which includes the position up to which it is valid.
/// Guarantees that the row fits its table. Immutable and thread-safe.
public final class MailboxRow {
    private final MailboxId id;
    private final MailboxAddress address;
    private final byte[] body;

    /// @param body not copied; must not be changed afterward
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
