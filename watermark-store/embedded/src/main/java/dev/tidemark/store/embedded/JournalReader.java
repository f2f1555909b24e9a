package dev.tidemark.store.embedded;

import dev.tidemark.log.LogRecord;
import dev.tidemark.store.change.JournalRow;
import dev.tidemark.store.engine.JournalQueries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Reads the journal from the log by position. Hides the events that retention removed. Thread-safe.
final class JournalReader implements JournalQueries {
    private static final int RECORDS_AT_ONCE = 64;

    private final CommitLog log;
    private volatile long prunedTo;
    /// kept because sinks and retention need it often, and each read opens a file
    private volatile Optional<OldestRecord> oldest = Optional.empty();

    /// First record after the events that retention removed.
    private record OldestRecord(long prunedTo, Extent extent) {}

    JournalReader(CommitLog log) {
        this.log = log;
    }

    /// Hides all events up to this position.
    void prune(long upTo) {
        prunedTo = Math.max(prunedTo, upTo);
    }

    long prunedTo() {
        return prunedTo;
    }

    /// Returns the row that holds `position`, or empty if retention removed it.
    @Override
    public Optional<Row> holding(long wanted) {
        return wanted <= prunedTo
                ? Optional.empty()
                : log.reading(() -> log.records().recordHolding(wanted))
                        .flatMap(record ->
                                rowsBehind(wanted - 1, record).map(Row::of).findFirst());
    }

    /// Returns the rows after `position` until they hold `events` positions, from at most 64 records.
    @Override
    public List<Row> from(long wanted, int events) {
        return from(wanted, events, RECORDS_AT_ONCE, Row::of);
    }

    /// Returns the rows after `position` until they hold `events` positions. One access to the file reads all of
    /// them, because most rows lose their entries.
    @Override
    public List<Row> from(long wanted, int events, Predicate<String> types) {
        return from(wanted, events, events, row -> Row.of(row, types));
    }

    private List<Row> from(long wanted, int events, int records, Function<JournalRow, Row> reader) {
        return log.reading(() -> {
            var after = Math.max(wanted, prunedTo);
            return log.records().recordsAfter(after, events, records).stream()
                    .flatMap(record -> rowsBehind(after, record))
                    .map(reader)
                    .toList();
        });
    }

    /// Returns at most `limit` of the oldest records.
    @Override
    public List<Extent> oldest(int limit) {
        var after = prunedTo;
        var known = oldest.filter(record -> limit == 1 && record.prunedTo() == after);
        if (known.isPresent()) {
            return List.of(known.get().extent());
        }
        var found = readAfter(after, limit);
        oldest = found.stream().findFirst().map(extent -> new OldestRecord(after, extent));
        return found;
    }

    private List<Extent> readAfter(long position, int limit) {
        return log.reading(() -> {
            var found = new ArrayList<Extent>();
            var next = position;
            while (found.size() < limit) {
                var some = Math.min(RECORDS_AT_ONCE, limit - found.size());
                var records = log.records().recordsAfter(next, Long.MAX_VALUE, some);
                if (records.isEmpty()) {
                    break;
                }
                records.forEach(record -> found.add(extent(record)));
                next = records.getLast().position();
            }
            return found;
        });
    }

    @Override
    public Optional<Extent> newest() {
        return log.reading(() -> log.records().newest())
                .map(JournalReader::extent)
                .filter(extent -> extent.end() > prunedTo);
    }

    /// Returns the first record after `before` that was not recorded after `now`, provided that all records
    /// between were.
    @Override
    public Optional<Extent> firstBy(Instant now, Extent before) {
        var found = newest().filter(extent -> !extent.recordedAt().isAfter(now));
        var low = before.end();
        var high = found.map(Extent::position).orElse(low);
        while (low + 1 < high) {
            var middle = low + (high - low) / 2;
            var at = log.reading(() -> log.records().recordAfter(middle - 1)).map(JournalReader::extent);
            if (at.orElseThrow().recordedAt().isAfter(now)) {
                low = at.get().end();
            } else {
                found = at;
                high = Math.min(middle, at.get().position());
            }
        }
        return found;
    }

    @Override
    public long newestPosition() {
        return log.records().newestPosition();
    }

    private static Extent extent(LogRecord record) {
        return new Extent(
                record.position() - record.events() + 1, record.position(), Instant.ofEpochMilli(record.recordedAt()));
    }

    /// Returns the rows of a record that end behind `position`. Those of a copied record differ in their times, and
    /// may be many, so that the others are not decoded.
    private static Stream<JournalRow> rowsBehind(long position, LogRecord record) {
        return StoreRecord.readJournal(record.payload()).stream().filter(row -> row.end() > position);
    }
}
