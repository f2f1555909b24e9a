package dev.tidemark.store.embedded;

import dev.tidemark.store.change.BinaryValueReader;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ChangeCodec;
import dev.tidemark.store.change.JournalRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Payload of one record of the log: the state changes in order, then the rows of the journal. Each part can be
/// read separately: a start reads the state first; readers and retention read only the journal. Thread-safe.
final class StoreRecord {
    private static final int VERSION = 1;
    private static final byte[] NONE = {};

    private StoreRecord() {}

    static byte[] write(List<Change> changes) {
        var journal = rows(changes);
        var capacity =
                journal.stream().mapToInt(row -> row.body().length + Long.SIZE).sum();
        var out = new BinaryValueWriter(Math.max(Long.SIZE, capacity)).octet(VERSION);
        out.bytes(journal.size() == changes.size() ? NONE : state(changes));
        journal.forEach(row -> ChangeCodec.write(out, new Change.JournalAppended(row)));
        return out.toBytes();
    }

    static List<JournalRow> rows(List<Change> changes) {
        var rows = new ArrayList<JournalRow>();
        for (var change : changes) {
            if (change instanceof Change.JournalAppended(var row)) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static byte[] state(List<Change> changes) {
        var out = new BinaryValueWriter();
        changes.stream()
                .filter(change -> !(change instanceof Change.JournalAppended))
                .forEach(change -> ChangeCodec.write(out, change));
        return out.toBytes();
    }

    /// Passes all changes of state to `sink`; returns their size in bytes.
    static int readState(byte[] payload, Consumer<Change> sink) {
        var state = begin(payload).bytes();
        for (var in = new BinaryValueReader(state); in.hasMore(); ) {
            sink.accept(ChangeCodec.read(in));
        }
        return state.length;
    }

    /// Returns the rows of the journal.
    static List<JournalRow> readJournal(byte[] payload) {
        var rows = new ArrayList<JournalRow>();
        var in = begin(payload);
        in.skipBytes();
        while (in.hasMore()) {
            if (ChangeCodec.read(in) instanceof Change.JournalAppended(var row)) {
                rows.add(row);
            }
        }
        return rows;
    }

    /// Returns the payload without changes of state; empty if it holds no row of the journal.
    static Optional<byte[]> journalOnly(byte[] payload) {
        var rows = readJournal(payload);
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(write(
                        rows.stream().<Change>map(Change.JournalAppended::new).toList()));
    }

    private static BinaryValueReader begin(byte[] payload) {
        var in = new BinaryValueReader(payload);
        in.expectVersion(VERSION, "record of the log");
        return in;
    }
}
