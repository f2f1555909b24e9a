package dev.tidemark.store.change;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Packs entries into rows of the journal.
public final class JournalRows {
    /// Size above which a row ends, far below [ChangeLimits#BODY].
    private static final int ROW_BYTES = 256 * 1024;

    private JournalRows() {}

    /// Returns entries with consecutive positions as one or more rows.
    public static List<JournalRow> of(List<JournalEntry> entries, Instant recordedAt) {
        var rows = new ArrayList<JournalRow>();
        var first = 0;
        var out = JournalEntryCodec.begin(entries.size());
        for (var next = 0; next < entries.size(); next++) {
            if (out.size() > ROW_BYTES) {
                rows.add(row(entries.subList(first, next), recordedAt, out));
                first = next;
                out = JournalEntryCodec.begin(entries.size() - next);
            }
            JournalEntryCodec.write(out, entries.get(next));
        }
        if (first < entries.size()) {
            rows.add(row(entries.subList(first, entries.size()), recordedAt, out));
        }
        return rows;
    }

    private static JournalRow row(List<JournalEntry> entries, Instant recordedAt, BinaryValueWriter body) {
        var position = entries.getFirst().position();
        var events = entries.getLast().end() - position + 1;
        return new JournalRow(position, events, recordedAt.toEpochMilli(), body.toBytes());
    }
}
