package dev.tidemark.watermark;

import java.util.List;

/// The mailboxes' rows.
final class MailboxTable {
    private static final String SELECT = "SELECT id, address, body FROM mailbox";
    private static final String MERGE = "MERGE INTO mailbox (id, address, body) KEY (id) VALUES (?, ?, ?)";

    private MailboxTable() {}

    static List<CellCodec.Folded> all(JdbcRunner jdbc) {
        return jdbc.query(SELECT, row -> CellCodec.read(row.text(1), row.text(2), row.bytes(3)));
    }

    /// Saves `cell`, which is true up to position `upTo`.
    static void save(JdbcRunner.Tx tx, Cell cell, long upTo) {
        tx.update(MERGE, cell.id.value(), cell.address.value(), CellCodec.write(cell, upTo));
    }
}
