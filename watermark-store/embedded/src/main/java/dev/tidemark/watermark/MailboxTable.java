package dev.tidemark.watermark;

import java.util.List;

/// The mailboxes' rows.
final class MailboxTable {
    private static final String SELECT = "SELECT id, address, body, _ROWID_ FROM mailbox";
    private static final String PLACE = "SELECT _ROWID_ FROM mailbox WHERE id = ?";
    private static final String UPDATE = "UPDATE mailbox SET body = ? WHERE id = ?";
    private static final String MERGE = "MERGE INTO mailbox (id, address, body) KEY (id) VALUES (?, ?, ?)";

    private MailboxTable() {}

    static List<CellCodec.Folded> all(JdbcRunner jdbc) {
        return jdbc.query(SELECT, row -> {
            var folded = CellCodec.read(row.text(1), row.text(2), row.bytes(3));
            folded.cell().place.found(row.number(4));
            return folded;
        });
    }

    /// Looks where the row of `cell` is, if it has one.
    static void place(JdbcRunner jdbc, Cell cell) {
        jdbc.queryOne(PLACE, row -> row.number(1), cell.id.value()).ifPresent(cell.place::found);
    }

    /// Saves `cell`, which is true up to position `upTo`.
    static void save(JdbcRunner.Tx tx, Cell cell, long upTo) {
        save(tx, MailboxRow.of(cell, upTo));
    }

    static void save(JdbcRunner.Tx tx, MailboxRow row) {
        if (tx.update(UPDATE, row.body(), row.id().value()) == 0) {
            tx.update(MERGE, row.id().value(), row.address().value(), row.body());
        }
    }
}
