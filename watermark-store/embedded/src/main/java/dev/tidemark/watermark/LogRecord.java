package dev.tidemark.watermark;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What one group commit leaves in the [WriteAheadLog], in binary: who wrote it and in which turn, a checksum
/// over all of it, and rows. It fills whole pages, so that to write one never touches another that is safe.
final class LogRecord {
    static final int PAGE = 4096;
    private static final int MARK = 0x7469_6465;
    private static final int HEAD = 2 * Integer.BYTES + 2 * Long.BYTES + 2 * Integer.BYTES;
    private static final int ROW_HEAD = 3 * Long.BYTES + Integer.BYTES;
    private static final int SUM_AT = Integer.BYTES;

    private LogRecord() {}

    /// @param epoch of the run of the store that wrote it
    /// @param generation of the log within the run
    /// @param number of the record within the generation
    record Name(long epoch, long generation, int number) {}

    record Read(Name name, List<JournalRow> rows, int length) {}

    /// Ready to be written, at the beginning of a page.
    static ByteBuffer write(Name name, List<JournalRow> rows) {
        var size = HEAD
                + rows.stream().mapToInt(row -> ROW_HEAD + row.body().length).sum();
        var out = ByteBuffer.allocate(wholePages(size));
        out.putInt(MARK).putInt(0).putLong(name.epoch()).putLong(name.generation());
        out.putInt(name.number()).putInt(size);
        for (var row : rows) {
            out.putLong(row.position()).putLong(row.events()).putLong(row.recordedAt());
            out.putInt(row.body().length).put(row.body());
        }
        out.putInt(SUM_AT, sum(out, 0, size)).clear();
        return out;
    }

    /// The record that begins at `at`, if a whole one does.
    static Optional<Read> read(ByteBuffer from, int at) {
        if (from.limit() - at < HEAD || from.getInt(at) != MARK) {
            return Optional.empty();
        }
        var in = from.duplicate().position(at + 2 * Integer.BYTES);
        var name = new Name(in.getLong(), in.getLong(), in.getInt());
        var size = in.getInt();
        if (size < HEAD || size > from.limit() - at || from.getInt(at + SUM_AT) != sum(from, at, size)) {
            return Optional.empty();
        }
        return Optional.of(new Read(name, rows(in.limit(at + size)), wholePages(size)));
    }

    private static List<JournalRow> rows(ByteBuffer in) {
        var rows = new ArrayList<JournalRow>();
        while (in.hasRemaining()) {
            var position = in.getLong();
            var events = in.getLong();
            var recordedAt = in.getLong();
            var body = new byte[in.getInt()];
            in.get(body);
            rows.add(new JournalRow(position, events, recordedAt, body));
        }
        return rows;
    }

    private static int wholePages(int size) {
        return Math.ceilDiv(size, PAGE) * PAGE;
    }

    /// Of everything behind the sum itself.
    private static int sum(ByteBuffer bytes, int at, int size) {
        var crc = new CRC32C();
        crc.update(bytes.duplicate().limit(at + size).position(at + SUM_AT + Integer.BYTES));
        return (int) crc.getValue();
    }
}
