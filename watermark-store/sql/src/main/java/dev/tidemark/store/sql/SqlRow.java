package dev.tidemark.store.sql;

import dev.tidemark.store.StoreException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Current row of a result; columns count from 1. Used by one thread, while its query runs.
public final class SqlRow {
    private final ResultSet result;
    private final SqlErrorTranslator errors;

    public SqlRow(ResultSet result, SqlErrorTranslator errors) {
        this.result = result;
        this.errors = errors;
    }

    public long number(int column) {
        return required(column, optionalNumber(column));
    }

    public boolean flag(int column) {
        return required(column, optional(column, ResultSet::getBoolean));
    }

    public String text(int column) {
        return required(column, optionalText(column));
    }

    public byte[] bytes(int column) {
        return required(column, optional(column, ResultSet::getBytes));
    }

    public Instant instant(int column) {
        return required(column, optionalInstant(column));
    }

    public Optional<Long> optionalNumber(int column) {
        return optional(column, ResultSet::getLong);
    }

    public Optional<String> optionalText(int column) {
        return optional(column, ResultSet::getString);
    }

    public Optional<Instant> optionalInstant(int column) {
        return optional(column, (row, index) -> row.getObject(index, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }

    /// Reads one column of the driver's row.
    @FunctionalInterface
    private interface ColumnGetter<T> {
        @Nullable
        T get(ResultSet row, int column) throws SQLException;
    }

    private <T> Optional<T> optional(int column, ColumnGetter<T> getter) {
        try {
            var value = getter.get(result, column);
            return result.wasNull() ? Optional.empty() : Optional.ofNullable(value);
        } catch (SQLException e) {
            throw errors.translate(e);
        }
    }

    private static <T> T required(int column, Optional<T> value) {
        return value.orElseThrow(() -> new StoreException("Column " + column + " of a result is empty."));
    }
}
