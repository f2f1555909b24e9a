package dev.tidemark.store.sql;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Runs queries on the database of an engine. Each query sees committed rows only. Thread-safe.
public interface SqlReader {
    /// Returns the rows of the result, mapped by `mapper`.
    ///
    /// @param arguments values of the parameters; an empty [Optional] is NULL
    /// @throws dev.tidemark.store.StoreException if the database fails
    <T> List<T> query(String sql, Function<SqlRow, T> mapper, Object... arguments);

    /// Passes the rows of a large result to `sink` one by one.
    ///
    /// @throws dev.tidemark.store.StoreException if the database fails
    void forEach(String sql, Consumer<SqlRow> sink, Object... arguments);

    default <T> Optional<T> queryOne(String sql, Function<SqlRow, T> mapper, Object... arguments) {
        return query(sql, mapper, arguments).stream().findFirst();
    }
}
