package dev.tidemark.store.listing;

import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.MailboxSummary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps the fields of each mailbox in columns, 24 bytes per mailbox, so that a list of 100,000 mailboxes
/// reads memory in its order. A change of a mailbox writes its row. One thread at a time writes; any thread
/// reads.
public final class MailboxColumns implements MailboxTable {
    /// Value for a mailbox without a row.
    public static final int NO_ROW = -1;

    private static final int FIRST_ROWS = 64;
    private static final int STATE_BITS = 3;
    private static final int ERROR = 1 << STATE_BITS;
    private static final int GROUP_SHIFT = STATE_BITS + 1;

    /// @param traits state, error and group in one number
    private record Columns(
            AtomicReferenceArray<@Nullable MailboxSummary> mailboxes,
            AtomicIntegerArray traits,
            AtomicLongArray heard,
            AtomicLongArray watermarks) {
        static Columns ofRows(int rows) {
            return new Columns(
                    new AtomicReferenceArray<>(rows),
                    new AtomicIntegerArray(rows),
                    new AtomicLongArray(rows),
                    new AtomicLongArray(rows));
        }

        int capacity() {
            return traits.length();
        }

        Columns grown() {
            var grown = ofRows(2 * capacity());
            for (var row = 0; row < capacity(); row++) {
                grown.set(row, mailboxes.get(row), traits.get(row), heard.get(row), watermarks.get(row));
            }
            return grown;
        }

        void set(int row, @Nullable MailboxSummary mailbox, int trait, long heardMillis, long watermarkMillis) {
            heard.setRelease(row, heardMillis);
            watermarks.setRelease(row, watermarkMillis);
            mailboxes.setRelease(row, mailbox);
            traits.setRelease(row, trait);
        }
    }

    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final Map<String, Integer> groupIndexes = new HashMap<>();
    private final List<String> groups = new CopyOnWriteArrayList<>();
    private final TextCache<RowOrder> ids = new TextCache<>();
    private final TextCache<RowOrder> addresses = new TextCache<>();
    private final MailboxSearchText searchText = new MailboxSearchText();
    private volatile Columns columns = Columns.ofRows(FIRST_ROWS);
    private volatile int rows;

    public static MailboxTable of(Stream<MailboxSummary> mailboxes) {
        var table = new MailboxColumns();
        mailboxes.forEach(mailbox -> table.put(NO_ROW, mailbox));
        return table;
    }

    /// Writes a mailbox to its row and returns the row.
    ///
    /// @param row current row of the mailbox, or [#NO_ROW]
    public int put(int row, MailboxSummary mailbox) {
        var place = row == NO_ROW ? newRow() : row;
        var before = columns.mailboxes().get(place);
        var watermark = mailbox.watermark();
        columns.set(
                place,
                mailbox,
                traits(mailbox),
                mailbox.lastHeardMillis(),
                watermark.isPresent() ? watermark.get().takenAt().toEpochMilli() : 0);
        rows = Math.max(rows, place + 1);
        if (before == null) {
            ids.invalidate();
        }
        if (before == null || !before.address().equals(mailbox.address())) {
            addresses.invalidate();
            searchText.changed(place);
        }
        return place;
    }

    /// Makes the row of a mailbox free.
    public void remove(int row) {
        columns.set(row, null, FREE, 0, 0);
        free.add(row);
        ids.invalidate();
        addresses.invalidate();
        searchText.changed(row);
    }

    private int newRow() {
        var reused = free.poll();
        if (reused != null) {
            return reused;
        }
        if (rows == columns.capacity()) {
            columns = columns.grown();
        }
        return rows;
    }

    private int traits(MailboxSummary mailbox) {
        var state = MailboxState.LABELS.indexOf(mailbox.state().label());
        var error = mailbox.lastError().isPresent() ? ERROR : 0;
        return group(mailbox.membership().group()) << GROUP_SHIFT | error | state;
    }

    private int group(String name) {
        var known = groupIndexes.get(name);
        if (known != null) {
            return known;
        }
        groups.add(name);
        groupIndexes.put(name, groups.size() - 1);
        return groups.size() - 1;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int state(int row) {
        var traits = columns.traits().getAcquire(row);
        return traits == FREE ? FREE : traits & (ERROR - 1);
    }

    @Override
    public boolean hasError(int row) {
        return (columns.traits().getAcquire(row) & ERROR) != 0;
    }

    @Override
    public int group(int row) {
        return columns.traits().getAcquire(row) >> GROUP_SHIFT;
    }

    @Override
    public List<String> groups() {
        return Collections.unmodifiableList(groups);
    }

    @Override
    public long lastHeardMillis(int row) {
        return columns.heard().getAcquire(row);
    }

    @Override
    public long watermarkMillis(int row) {
        return columns.watermarks().getAcquire(row);
    }

    @Override
    public Optional<MailboxSummary> mailbox(int row) {
        return Optional.ofNullable(columns.mailboxes().getAcquire(row));
    }

    @Override
    public RowOrder byId() {
        return ids.get(() -> RowOrder.of(entries(mailbox -> mailbox.id().value())));
    }

    @Override
    public RowOrder byAddress() {
        return addresses.get(
                () -> RowOrder.of(entries(mailbox -> mailbox.address().value())));
    }

    @Override
    public BitSet rowsWith(String part) {
        return searchText.rowsWith(part, this);
    }

    private List<RowOrder.Entry> entries(Function<MailboxSummary, String> text) {
        var entries = new ArrayList<RowOrder.Entry>(rows);
        for (var row = 0; row < rows; row++) {
            var mailbox = columns.mailboxes().getAcquire(row);
            if (mailbox != null) {
                entries.add(new RowOrder.Entry(text.apply(mailbox), row));
            }
        }
        return entries;
    }
}
