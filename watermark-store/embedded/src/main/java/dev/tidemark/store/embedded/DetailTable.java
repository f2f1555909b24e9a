package dev.tidemark.store.embedded;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ItemDetailCodec;
import dev.tidemark.store.engine.DetailQueries;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalPosition;
import java.util.List;
import java.util.Optional;

/// Tables of details and of the position ranges with details.
final class DetailTable implements DetailQueries {
    private static final String SPANS = "SELECT group_name, from_position, to_position FROM detail_span";
    private static final String MERGE_SPAN = """
            MERGE INTO detail_span (group_name, from_position, to_position) KEY (group_name, from_position)
            VALUES (?, ?, ?)
            """;
    private static final String FIND = "SELECT body FROM detail WHERE position = ?";
    private static final String EXISTS = "SELECT 1 FROM detail WHERE position = ?";
    private static final String MERGE = "MERGE INTO detail (position, body) KEY (position) VALUES (?, ?)";
    private static final String PRUNE = "DELETE FROM detail WHERE position <= ?";
    private static final String PRUNE_SPANS = "DELETE FROM detail_span WHERE to_position <= ?";

    private final JdbcRunner jdbc;

    DetailTable(JdbcRunner jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<Change.DetailSpanSaved> spans() {
        return jdbc.query(
                SPANS,
                row -> new Change.DetailSpanSaved(
                        row.text(1),
                        new JournalPosition(row.number(2)),
                        row.optional(3, Long.class).map(JournalPosition::new)));
    }

    @Override
    public Optional<ItemDetail> find(JournalPosition position) {
        return jdbc.queryOne(FIND, row -> ItemDetailCodec.read(row.bytes(1)), position.value());
    }

    @Override
    public boolean exists(JournalPosition position) {
        return jdbc.queryOne(EXISTS, row -> row.number(1), position.value()).isPresent();
    }

    static void save(JdbcRunner.Tx tx, JournalPosition position, ItemDetail detail) {
        tx.update(MERGE, position.value(), ItemDetailCodec.write(detail));
    }

    static void saveSpan(JdbcRunner.Tx tx, Change.DetailSpanSaved span) {
        tx.update(MERGE_SPAN, span.group(), span.from().value(), span.to().map(JournalPosition::value));
    }

    static void removeTo(JdbcRunner.Tx tx, long position) {
        tx.update(PRUNE, position);
        tx.update(PRUNE_SPANS, position);
    }
}
