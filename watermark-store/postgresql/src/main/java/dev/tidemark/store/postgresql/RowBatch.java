package dev.tidemark.store.postgresql;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ChangeKey;
import dev.tidemark.store.sql.RowChange;
import dev.tidemark.store.sql.StoreTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Row changes of one commit, with at most one statement per table and kind. Of several changes of a row, only the
/// last one is written. Used by the committing thread.
final class RowBatch {
    private final Connection connection;
    private final Map<ChangeKey, RowChange> pending = new LinkedHashMap<>();

    RowBatch(Connection connection) {
        this.connection = connection;
    }

    void add(Change change) throws SQLException {
        for (var row : RowChange.of(change)) {
            if (row instanceof RowChange.RowsPruned(var table, var column, var upTo)) {
                flush();
                TableStatements.prune(connection, table, column, upTo);
            } else {
                var key = ChangeKey.of(change).orElseThrow();
                pending.remove(key);
                pending.put(key, row);
            }
        }
    }

    /// Writes all pending rows, ordered by their keys, so that two processes lock them in the same order.
    void flush() throws SQLException {
        var saved = new EnumMap<StoreTable, List<List<Object>>>(StoreTable.class);
        var removed = new EnumMap<StoreTable, List<List<Object>>>(StoreTable.class);
        for (var row : pending.values()) {
            switch (row) {
                case RowChange.RowSaved(var table, var values) ->
                    rows(saved, table).add(values);
                case RowChange.RowRemoved(var table, var key) ->
                    rows(removed, table).add(key);
                case RowChange.RowsPruned ignored -> throw new IllegalStateException("prunings are not deferred");
            }
        }
        pending.clear();
        for (var entry : saved.entrySet()) {
            entry.getValue().sort(byKey(entry.getKey()));
            TableStatements.save(connection, entry.getKey(), entry.getValue());
        }
        for (var entry : removed.entrySet()) {
            entry.getValue().sort(byKey(entry.getKey()));
            TableStatements.remove(connection, entry.getKey(), entry.getValue());
        }
    }

    private static List<List<Object>> rows(Map<StoreTable, List<List<Object>>> tables, StoreTable table) {
        return tables.computeIfAbsent(table, ignored -> new ArrayList<>());
    }

    private static Comparator<List<Object>> byKey(StoreTable table) {
        var keys = table.keys().size();
        return Comparator.comparing(values -> values.subList(0, keys).toString());
    }
}
