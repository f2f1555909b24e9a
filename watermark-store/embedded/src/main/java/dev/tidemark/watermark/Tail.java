package dev.tidemark.watermark;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The end of the journal that the mailboxes' rows do not know of yet, applied again at start.
final class Tail {
    private static final int ROWS_AT_ONCE = 64;

    private final JournalTable journal;
    private final Duration margin;
    private final H2ExchangeOffsets offsets;
    private final Map<MailboxId, CellCodec.Folded> rows = new HashMap<>();
    private final Set<MailboxId> moved = new HashSet<>();

    Tail(JournalTable journal, Duration margin, H2ExchangeOffsets offsets) {
        this.journal = journal;
        this.margin = margin;
        this.offsets = offsets;
    }

    void add(CellCodec.Folded row) {
        rows.put(row.cell().id, row);
    }

    /// Applies what follows `folded`; returns where the journal ends.
    long replay(long folded) {
        var end = folded;
        var some = journal.from(end, ROWS_AT_ONCE);
        while (!some.isEmpty()) {
            some.forEach(row -> row.entries().forEach(this::apply));
            end = some.getLast().end();
            some = journal.after(end, ROWS_AT_ONCE);
        }
        return end;
    }

    private void apply(Entry entry) {
        var row = entry.mailbox().map(EventData.MailboxRef::id).map(rows::get);
        row.filter(it -> entry.position() > it.upTo()).ifPresent(it -> {
            Progress.replay(it.cell(), entry, margin, offsets);
            moved.add(it.cell().id);
        });
    }

    Collection<Cell> cells() {
        return rows.values().stream().map(CellCodec.Folded::cell).toList();
    }

    Set<MailboxId> moved() {
        return moved;
    }
}
