package dev.tidemark.store.embedded;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.sql.RowChange;
import dev.tidemark.store.sql.StoreTable;
import dev.tidemark.store.sql.TableSql;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Applies a [Change] to the tables of [StoreIndex], within one transaction. Used by the thread that holds the
/// write lock.
final class ChangeWriter {
    private static final TableSql MERGE = new TableSql(table -> "MERGE INTO %s (%s) KEY (%s) VALUES (%s)"
            .formatted(table.sqlName(), table.columnNames(), StoreTable.names(table.keys()), table.parameters()));
    private static final TableSql DELETE =
            new TableSql(table -> "DELETE FROM %s WHERE %s".formatted(table.sqlName(), isKey(table)));

    private ChangeWriter() {}

    private static String isKey(StoreTable table) {
        return table.keys().stream().map(column -> column.name() + " = ?").collect(Collectors.joining(" AND "));
    }

    static Consumer<JdbcRunner.Tx> all(List<Change> changes) {
        return tx -> changes.forEach(change -> RowChange.of(change).forEach(row -> apply(tx, row)));
    }

    /// Returns whether the index has a table for the change.
    static boolean isIndexed(Change change) {
        return switch (change) {
            case Change.JournalAppended ignored -> false;
            case Change.JournalPruned ignored -> false;
            case Change.MailboxSaved ignored -> false;
            case Change.MailboxForgotten ignored -> false;
            case Change.InstanceSaved ignored -> false;
            default -> true;
        };
    }

    private static void apply(JdbcRunner.Tx tx, RowChange change) {
        switch (change) {
            case RowChange.RowSaved(var table, var values) -> tx.update(MERGE.of(table), values.toArray());
            case RowChange.RowRemoved(var table, var key) -> tx.update(DELETE.of(table), key.toArray());
            case RowChange.RowsPruned(var table, var column, var upTo) ->
                tx.update("DELETE FROM %s WHERE %s <= ?".formatted(table.sqlName(), column), upTo);
        }
    }
}
