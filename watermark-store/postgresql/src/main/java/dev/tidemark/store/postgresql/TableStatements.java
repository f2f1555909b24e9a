package dev.tidemark.store.postgresql;

import dev.tidemark.store.sql.StoreTable;
import dev.tidemark.store.sql.StoreTable.ColumnType;
import dev.tidemark.store.sql.StoreTable.TableColumn;
import dev.tidemark.store.sql.TableSql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Statements that write any number of rows at once, with one array for each column.
final class TableStatements {
    private static final TableSql SAVE = new TableSql(TableStatements::saveText);
    private static final TableSql REMOVE = new TableSql(TableStatements::removeText);

    private TableStatements() {}

    private static String saveText(StoreTable table) {
        var keys = table.keys();
        var others = table.columns().subList(keys.size(), table.columns().size()).stream()
                .map(column -> column.name() + " = excluded." + column.name())
                .collect(Collectors.joining(", "));
        return "INSERT INTO %s (%s) SELECT * FROM unnest(%s) ON CONFLICT (%s) DO UPDATE SET %s"
                .formatted(
                        table.sqlName(), table.columnNames(), arrays(table.columns()), StoreTable.names(keys), others);
    }

    private static String removeText(StoreTable table) {
        var keys = table.keys();
        var names = StoreTable.names(keys);
        return "DELETE FROM %s WHERE (%s) IN (SELECT * FROM unnest(%s))"
                .formatted(table.sqlName(), names, arrays(keys));
    }

    private static String arrays(List<TableColumn> columns) {
        return columns.stream()
                .map(column -> "?::" + sqlType(column.type()) + "[]")
                .collect(Collectors.joining(", "));
    }

    private static String sqlType(ColumnType type) {
        return switch (type) {
            case TEXT -> "text";
            case NUMBER -> "bigint";
            case FLAG -> "boolean";
            case TIME -> "timestamptz";
            case BYTES -> "bytea";
        };
    }

    /// Inserts rows, or replaces those with the same keys. The keys must differ.
    static void save(Connection connection, StoreTable table, List<List<Object>> rows) throws SQLException {
        run(connection, SAVE.of(table), table.columns(), rows);
    }

    static void remove(Connection connection, StoreTable table, List<List<Object>> keys) throws SQLException {
        run(connection, REMOVE.of(table), table.keys(), keys);
    }

    static void prune(Connection connection, StoreTable table, String column, long upTo) throws SQLException {
        try (var statement =
                connection.prepareStatement("DELETE FROM %s WHERE %s <= ?".formatted(table.sqlName(), column))) {
            statement.setLong(1, upTo);
            statement.executeUpdate();
        }
    }

    private static void run(Connection connection, String sql, List<TableColumn> columns, List<List<Object>> rows)
            throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < columns.size(); i++) {
                var column = i;
                var values = rows.stream()
                        .map(row -> SqlValues.forArray(row.get(column)))
                        .toArray();
                statement.setArray(i + 1, array(connection, columns.get(i).type(), values));
            }
            statement.executeUpdate();
        }
    }

    private static Array array(Connection connection, ColumnType type, Object[] values) throws SQLException {
        return type == ColumnType.BYTES
                ? connection.createArrayOf(
                        sqlType(type),
                        IntStream.range(0, values.length)
                                .mapToObj(i -> (byte[]) values[i])
                                .toArray(byte[][]::new))
                : connection.createArrayOf(sqlType(type), values);
    }
}
