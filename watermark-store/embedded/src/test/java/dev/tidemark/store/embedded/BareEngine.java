package dev.tidemark.store.embedded;

import dev.tidemark.log.LogDisk;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.rules.UnjudgedRules;
import dev.tidemark.store.sql.SqlRow;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// Parts of a store below its rules, opened on a disk. Accepts changes without rules and returns the whole state.
final class BareEngine implements AutoCloseable {
    private static final String COLUMNS = """
            SELECT table_name, data_type FROM information_schema.columns
            WHERE table_schema = 'PUBLIC' AND table_name <> 'OPENED'
            ORDER BY table_name, ordinal_position
            """;

    private final EmbeddedStore.StoreParts parts;
    private final JournalReader reader;
    private final UnjudgedRules rules;
    private final StoreSnapshots snapshots;

    private BareEngine(EmbeddedStore.StoreParts parts, Path folder, Clock clock) {
        this.parts = parts;
        var url = "jdbc:h2:file:" + folder.resolve("engine");
        var config = new StoreConfig(url, "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
        var engine = EmbeddedEngine.load(parts.log(), parts.index(), config, clock);
        reader = engine.journal();
        rules = new UnjudgedRules(engine, clock);
        snapshots = new StoreSnapshots(parts.log(), rules.upkeep(), reader, clock);
    }

    static BareEngine open(LogDisk disk, Path folder, Clock clock) {
        var parts = EmbeddedStore.StoreParts.open(
                disk, SimulatedHome.SMALL, new StoreFiles(folder, "engine").index(), clock);
        try {
            return new BareEngine(parts, folder, clock);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    void change(List<Change> changes) {
        rules.change(changes);
    }

    void snapshot() {
        CommitLog.checked(() -> {
            snapshots.take();
            return this;
        });
    }

    /// Returns the whole state of the store: the rows of all tables, the mailboxes, and the journal.
    List<String> dump() {
        var dump = new ArrayList<>(rows(parts.index().jdbc()));
        rules.mailboxes().forEach(dump::add);
        dump.add("pruned to " + reader.prunedTo());
        for (var rows = reader.from(0, 100);
                !rows.isEmpty();
                rows = reader.from(rows.getLast().end(), 100)) {
            rows.forEach(row -> dump.add(row.toString()));
        }
        return dump;
    }

    /// Returns all rows of all tables.
    static List<String> rows(JdbcRunner jdbc) {
        var columns = jdbc.query(COLUMNS, row -> new Column(row.text(1), row.text(2))).stream()
                .collect(Collectors.groupingBy(Column::table, Collectors.mapping(Column::type, Collectors.toList())));
        var rows = new ArrayList<String>();
        columns.forEach((table, types) ->
                rows.addAll(jdbc.query("SELECT * FROM " + table, row -> table + " " + values(row, types))));
        return rows.stream().sorted().toList();
    }

    static List<String> tables(JdbcRunner jdbc) {
        return jdbc.query(COLUMNS, row -> row.text(1)).stream().distinct().toList();
    }

    private record Column(String table, String type) {}

    private static List<String> values(SqlRow row, List<String> types) {
        var values = new ArrayList<String>();
        for (var type : types) {
            var column = values.size() + 1;
            values.add(
                    type.equals("BINARY VARYING")
                            ? HexFormat.of().formatHex(row.bytes(column))
                            : row.optionalText(column).orElse("-"));
        }
        return values;
    }

    @Override
    public void close() {
        parts.close();
    }
}
