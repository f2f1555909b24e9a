package dev.tidemark.store.sql;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// One statement for each [StoreTable], made once. Immutable.
public final class TableSql {
    private final Map<StoreTable, String> texts = new EnumMap<>(StoreTable.class);

    /// @param text returns the statement for a table
    public TableSql(Function<StoreTable, String> text) {
        for (var table : StoreTable.values()) {
            texts.put(table, text.apply(table));
        }
    }

    public String of(StoreTable table) {
        return Objects.requireNonNull(texts.get(table));
    }
}
