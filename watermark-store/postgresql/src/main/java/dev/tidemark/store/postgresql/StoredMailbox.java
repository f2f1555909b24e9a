package dev.tidemark.store.postgresql;

import dev.tidemark.store.change.BinaryValueReader;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.MailboxRow;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.sql.SqlRow;
import dev.tidemark.values.MailboxAddress;
import java.util.Optional;

/// Row of the table of mailboxes. A forgotten mailbox keeps a row, without an address. Not changed after creation.
final class StoredMailbox {
    private static final String FORGOTTEN = "";

    private final String id;
    private final String address;
    private final byte[] body;

    /// @param address empty if the mailbox was forgotten
    /// @param body not copied; must not be changed afterward
    private StoredMailbox(String id, String address, byte[] body) {
        this.id = id;
        this.address = address;
        this.body = body;
    }

    String id() {
        return id;
    }

    String address() {
        return address;
    }

    byte[] body() {
        return body;
    }

    /// Returns the row that a change saves; empty for changes of other rows.
    static Optional<StoredMailbox> of(Change change) {
        return switch (change) {
            case Change.MailboxSaved(var row) ->
                Optional.of(new StoredMailbox(row.id().value(), row.address().value(), row.body()));
            case Change.MailboxForgotten(var id, var last, var erased) ->
                Optional.of(new StoredMailbox(
                        id.value(),
                        FORGOTTEN,
                        new BinaryValueWriter().number(last).flag(erased).toBytes()));
            default -> Optional.empty();
        };
    }

    /// Reads the columns id, address and body.
    static StoredMailbox read(SqlRow row) {
        return new StoredMailbox(row.text(1), row.text(2), row.bytes(3));
    }

    boolean isForgotten() {
        return address.equals(FORGOTTEN);
    }

    /// Returns the change that saves the row.
    Change change() {
        if (isForgotten()) {
            return forgotten();
        }
        return new Change.MailboxSaved(row());
    }

    Change.MailboxForgotten forgotten() {
        var in = new BinaryValueReader(body);
        return new Change.MailboxForgotten(new MailboxId(id), in.number(), in.flag());
    }

    MailboxRow row() {
        return new MailboxRow(new MailboxId(id), new MailboxAddress(address), body);
    }
}
