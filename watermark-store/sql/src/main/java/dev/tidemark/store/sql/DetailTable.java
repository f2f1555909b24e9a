package dev.tidemark.store.sql;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ItemDetailCodec;
import dev.tidemark.store.engine.DetailQueries;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalPosition;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Tables of details and of the position ranges with details.
final class DetailTable implements DetailQueries {
    private static final String SPANS = "SELECT group_name, from_position, to_position FROM detail_span";
    private static final String FIND = "SELECT body FROM detail WHERE position = ?";
    private static final String EXISTS = "SELECT 1 FROM detail WHERE position = ?";

    private static final String AFTER = "SELECT position FROM detail ORDER BY position LIMIT 1 OFFSET ?";

    private static final String ALL = "SELECT position, body FROM detail";

    private final SqlReader sql;

    DetailTable(SqlReader sql) {
        this.sql = sql;
    }

    @Override
    public List<Change.DetailSpanSaved> spans() {
        return sql.query(
                SPANS,
                row -> new Change.DetailSpanSaved(
                        row.text(1),
                        new JournalPosition(row.number(2)),
                        row.optionalNumber(3).map(JournalPosition::new)));
    }

    @Override
    public Optional<ItemDetail> find(JournalPosition position) {
        return sql.queryOne(FIND, row -> ItemDetailCodec.read(row.bytes(1)), position.value());
    }

    @Override
    public boolean exists(JournalPosition position) {
        return sql.queryOne(EXISTS, row -> row.number(1), position.value()).isPresent();
    }

    @Override
    public Optional<JournalPosition> after(int count) {
        return sql.queryOne(AFTER, row -> new JournalPosition(row.number(1)), count);
    }

    /// Passes all rows to `sink`.
    void forEach(Consumer<Change> sink) {
        spans().forEach(sink);
        sql.forEach(
                ALL,
                row -> sink.accept(new Change.DetailSaved(
                        new JournalPosition(row.number(1)), ItemDetailCodec.read(row.bytes(2)))));
    }
}
