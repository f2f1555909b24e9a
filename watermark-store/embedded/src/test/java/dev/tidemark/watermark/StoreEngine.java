package dev.tidemark.watermark;

import dev.tidemark.log.LogDisk;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The parts of a store below its rules, opened on a disk: changes go in unjudged, and the whole state comes out.
final class StoreEngine implements AutoCloseable {
    private static final String COLUMNS = """
            SELECT table_name, data_type FROM information_schema.columns
            WHERE table_schema = 'PUBLIC' AND table_name <> 'OPENED'
            ORDER BY table_name, ordinal_position
            """;

    private final H2Store.StoreParts parts;
    private final JournalReader reader;
    private final Ledger ledger;
    private final StoreSnapshots snapshots;

    private StoreEngine(H2Store.StoreParts parts, Clock clock) {
        this.parts = parts;
        var log = parts.log();
        var index = parts.index();
        reader = new JournalReader(log);
        var start = new StoreStart(log, reader);
        index.fill(start::readState);
        var instance = start.instance().orElse(new Change.InstanceSaved("gw1", "key", clock.instant(), true, 0));
        var known = new KnownKeys(new JournalWalk(reader));
        ledger = new Ledger(log, index, reader, clock, known, new FolderNames(), instance);
        var offsets = new H2ExchangeOffsets(ledger, index.jdbc(), UnaryOperator.identity());
        ledger.load(start.mailboxes(Duration.ofMinutes(15), offsets));
        snapshots = new StoreSnapshots(log, ledger, reader, clock);
    }

    static StoreEngine open(LogDisk disk, Path folder, Clock clock) {
        var parts = H2Store.StoreParts.open(disk, SimulatedHome.SMALL, new StoreFiles(folder, "engine").index(), clock);
        try {
            return new StoreEngine(parts, clock);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    void change(List<Change> changes) {
        ledger.change(draft -> {
            changes.forEach(draft::add);
            return draft;
        });
    }

    void snapshot() {
        CommitLog.checked(() -> {
            snapshots.take();
            return this;
        });
    }

    /// Returns everything that the store knows: the rows of all tables, the mailboxes, and the journal.
    List<String> dump() {
        var dump = new ArrayList<>(rows(parts.index().jdbc()));
        ledger.all().stream()
                .map(cell -> cell.id + " " + HexFormat.of().formatHex(CellCodec.write(cell, 0)))
                .sorted()
                .forEach(dump::add);
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

    private static List<String> values(JdbcRunner.Row row, List<String> types) {
        var values = new ArrayList<String>();
        for (var type : types) {
            var column = values.size() + 1;
            values.add(
                    type.equals("BINARY VARYING")
                            ? HexFormat.of().formatHex(row.bytes(column))
                            : row.optional(column, String.class).orElse("-"));
        }
        return values;
    }

    @Override
    public void close() {
        parts.close();
    }
}
