package dev.tidemark.store.sql;

import java.util.List;
import java.util.stream.IntStream;

/// Tables of rows that a [dev.tidemark.store.change.Change] saves or removes by key. The scripts of the engines
/// create them.
public enum StoreTable {
    FOLDER_STATE("folder_state", 2, text("mailbox"), text("folder"), text("state"), time("taken_at"), flag("complete")),
    SINK(
            "sink",
            1,
            text("name"),
            number("up_to"),
            bytes("beyond"),
            time("failing_since"),
            flag("disabled"),
            flag("until_operator"),
            text("last_error")),
    DEFERRED(
            "deferred",
            2,
            text("sink"),
            number("position"),
            text("lane"),
            number("attempts"),
            time("first_failed_at"),
            time("next_attempt_at"),
            flag("overtaken"),
            text("last_error")),
    DEAD_LETTER(
            "dead_letter",
            1,
            text("id"),
            text("sink"),
            text("reason"),
            number("attempts"),
            time("died_at"),
            bytes("event"),
            flag("recalled"),
            number("response_status"),
            text("response_body")),
    DETAIL("detail", 1, number("position"), bytes("body")),
    DETAIL_SPAN("detail_span", 2, text("group_name"), number("from_position"), number("to_position")),
    MAILBOX_LOCATION("whereabouts", 1, text("mailbox"), text("url"), text("affinity"), time("taken_at")),
    CLOCK_OFFSET("exchange_clock", 1, text("connection"), number("least_milli"), number("most_milli")),
    EVENT_TIME("exchange_event_time", 1, text("connection"), number("ahead_milli")),
    REPLAY(
            "replay",
            1,
            text("id"),
            text("sink"),
            time("begun_at"),
            number("after_position"),
            number("up_to"),
            text("mailbox"),
            text("type"),
            number("rate"),
            number("done"),
            number("total"));

    /// Types of columns, independent of the database.
    public enum ColumnType {
        TEXT,
        NUMBER,
        FLAG,
        TIME,
        BYTES
    }

    /// Column of a table.
    public record TableColumn(String name, ColumnType type) {}

    private final String sqlName;
    private final int keyColumns;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<TableColumn> columns;

    StoreTable(String sqlName, int keyColumns, TableColumn... columns) {
        this.sqlName = sqlName;
        this.keyColumns = keyColumns;
        this.columns = List.of(columns);
    }

    private static TableColumn text(String name) {
        return new TableColumn(name, ColumnType.TEXT);
    }

    private static TableColumn number(String name) {
        return new TableColumn(name, ColumnType.NUMBER);
    }

    private static TableColumn flag(String name) {
        return new TableColumn(name, ColumnType.FLAG);
    }

    private static TableColumn time(String name) {
        return new TableColumn(name, ColumnType.TIME);
    }

    private static TableColumn bytes(String name) {
        return new TableColumn(name, ColumnType.BYTES);
    }

    public String sqlName() {
        return sqlName;
    }

    /// Returns the columns in the order of a row's values; those of the key come first.
    public List<TableColumn> columns() {
        return columns;
    }

    /// Returns the columns of the primary key.
    public List<TableColumn> keys() {
        return columns.subList(0, keyColumns);
    }

    /// Returns the names of all columns, separated by commas.
    public String columnNames() {
        return names(columns);
    }

    /// Returns the names of some columns, separated by commas.
    public static String names(List<TableColumn> some) {
        return String.join(", ", some.stream().map(TableColumn::name).toList());
    }

    /// Returns as many question marks as there are columns, separated by commas.
    public String parameters() {
        return String.join(
                ", ",
                IntStream.range(0, columns.size()).mapToObj(ignored -> "?").toList());
    }
}
