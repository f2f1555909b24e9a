package dev.tidemark.store.rules;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.listing.MailboxColumns;
import dev.tidemark.store.listing.MailboxTable;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.values.MailboxAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Committed mailboxes in memory, by id, address, state and pending work, and the ids of those that were forgotten.
/// Written under the write lock of [CommittedState], or before other threads see it; any thread reads.
final class CommittedMailboxes {
    private final Map<MailboxId, MailboxRecord> records = new ConcurrentHashMap<>();
    private final Map<MailboxAddress, MailboxId> ids = new ConcurrentHashMap<>();
    private final Set<MailboxId> withPendingWork = ConcurrentHashMap.newKeySet();
    private final MailboxCensus census = new MailboxCensus();
    /// until retention has removed their events
    private final Map<MailboxId, Change.MailboxForgotten> forgotten = new ConcurrentHashMap<>();
    /// forgotten mailboxes since the start, including the loaded ones
    private final AtomicInteger forgottenTotal = new AtomicInteger();
    /// erased mailboxes since the start, including the loaded ones
    private final AtomicInteger erasedTotal = new AtomicInteger();
    /// forgotten mailboxes that still have rows
    private final Set<MailboxId> unerased = ConcurrentHashMap.newKeySet();

    Optional<MailboxRecord> find(MailboxId id) {
        return Optional.ofNullable(records.get(id));
    }

    Optional<MailboxRecord> find(MailboxAddress address) {
        return Optional.ofNullable(ids.get(address)).flatMap(this::find);
    }

    Collection<MailboxRecord> all() {
        return records.values();
    }

    Set<MailboxId> ids() {
        return records.keySet();
    }

    /// Returns the mailboxes with pending work.
    Collection<MailboxId> withPendingWork() {
        return List.copyOf(withPendingWork);
    }

    /// Returns the numbers of enrolled mailboxes by label of their state, without empty states.
    Map<String, Long> countsByState() {
        return census.countsByState();
    }

    /// Returns the fields of the enrolled mailboxes for lists.
    MailboxTable table() {
        return census.columns;
    }

    /// Returns the enrolled mailboxes that are unhealthy.
    Stream<MailboxRecord> unhealthy() {
        return census.unhealthy.stream()
                .flatMap(id -> find(id).stream())
                .filter(record -> record.enrolled && record.isUnhealthy());
    }

    /// Returns the mailboxes that were forgotten and may still have journaled events, by id.
    Map<MailboxId, Change.MailboxForgotten> forgotten() {
        return Collections.unmodifiableMap(forgotten);
    }

    /// Returns whether the entry belongs to a forgotten mailbox. The entry that reports the forgetting has no
    /// address and does not count.
    boolean isForgotten(JournalEntry entry) {
        return !forgotten.isEmpty()
                && entry.mailbox()
                        .filter(ref -> ref.address().isPresent() && forgotten.containsKey(ref.id()))
                        .isPresent();
    }

    /// Returns a counter that grows with each forgotten mailbox. Compare two readings of one process only.
    int forgottenTotal() {
        return forgottenTotal.get();
    }

    /// Returns a counter that grows with each erased mailbox. Compare two readings of one process only.
    int erasedTotal() {
        return erasedTotal.get();
    }

    /// Drops the forgotten mailboxes whose rows are removed and whose events were all before `oldest`. Nothing
    /// stored refers to them any more, so their number stays bounded.
    void dropForgotten(long oldest) {
        forgotten.values().removeIf(row -> row.erased() && row.lastPosition() < oldest);
    }

    /// Returns the forgotten mailboxes whose rows are not all removed yet.
    List<Change.MailboxForgotten> unerased() {
        return unerased.stream().map(forgotten::get).filter(Objects::nonNull).toList();
    }

    /// Adds a mailbox, or replaces its earlier state.
    void keep(MailboxRecord record) {
        var before = records.put(record.id, record);
        census.replace(before, record);
        if (record.hasPendingWork()) {
            withPendingWork.add(record.id);
        } else if (before != null && before.hasPendingWork()) {
            withPendingWork.remove(record.id);
        }
        if (before == null || !before.address.equals(record.address)) {
            ids.put(record.address, record.id);
        }
        if (before != null && !before.address.equals(record.address)) {
            ids.remove(before.address, record.id);
        }
    }

    /// Drops all mailboxes except these.
    void retain(Set<MailboxId> present) {
        records.values().stream().filter(record -> !present.contains(record.id)).forEach(census::remove);
        records.keySet().retainAll(present);
        ids.values().retainAll(present);
        withPendingWork.retainAll(present);
    }

    /// Changes all mailboxes. Must be called before other threads see them.
    void correct(Consumer<MailboxRecord> correction) {
        records.values().forEach(record -> {
            census.remove(record);
            correction.accept(record);
            census.add(record);
        });
    }

    /// Drops a mailbox permanently.
    void forget(Change.MailboxForgotten row) {
        var id = row.mailbox();
        var before = forgotten.put(id, row);
        if (before == null) {
            forgottenTotal.incrementAndGet();
        }
        if (row.erased() && (before == null || !before.erased())) {
            erasedTotal.incrementAndGet();
        }
        if (row.erased()) {
            unerased.remove(id);
        } else {
            unerased.add(id);
        }
        find(id).ifPresent(record -> {
            ids.remove(record.address, id);
            census.remove(record);
        });
        records.remove(id);
        withPendingWork.remove(id);
    }

    /// Counts the enrolled mailboxes by state, and keeps the unhealthy ones and the columns of lists. A
    /// status of many mailboxes therefore reads no healthy one. Written under the write lock, or before other
    /// threads see this state; any thread reads.
    private static final class MailboxCensus {
        private final Set<MailboxId> unhealthy = ConcurrentHashMap.newKeySet();
        private final MailboxColumns columns = new MailboxColumns();
        /// by the index of the label in [MailboxState#LABELS]; replaced as a whole, so that a reader sees each
        /// mailbox once
        private volatile long[] counts = new long[MailboxState.LABELS.size()];

        Map<String, Long> countsByState() {
            var now = counts;
            var result = new TreeMap<String, Long>();
            for (var index = 0; index < now.length; index++) {
                if (now[index] > 0) {
                    result.put(MailboxState.LABELS.get(index), now[index]);
                }
            }
            return result;
        }

        void add(MailboxRecord record) {
            replace(null, record);
        }

        void remove(MailboxRecord record) {
            count(record.enrolled ? record.state : null, null);
            unhealthy.remove(record.id);
            list(record.row, record, false);
        }

        void replace(@Nullable MailboxRecord before, MailboxRecord after) {
            count(before != null && before.enrolled ? before.state : null, after.enrolled ? after.state : null);
            if (after.enrolled && after.isUnhealthy()) {
                unhealthy.add(after.id);
            } else if (before != null && before.isUnhealthy()) {
                unhealthy.remove(after.id);
            }
            list(before == null ? MailboxColumns.NO_ROW : before.row, after, after.enrolled);
        }

        /// Moves a row to the newest record of its mailbox, or makes it free.
        private void list(int row, MailboxRecord record, boolean isListed) {
            if (isListed) {
                record.row = columns.put(row, record);
            } else {
                if (row != MailboxColumns.NO_ROW) {
                    columns.remove(row);
                }
                record.row = MailboxColumns.NO_ROW;
            }
        }

        private void count(@Nullable MailboxState before, @Nullable MailboxState after) {
            var from = before == null ? "" : before.label();
            var to = after == null ? "" : after.label();
            // most changes keep the state
            if (!from.equals(to)) {
                var next = counts.clone();
                add(next, from, -1);
                add(next, to, 1);
                counts = next;
            }
        }

        private static void add(long[] counts, String label, long change) {
            var index = MailboxState.LABELS.indexOf(label);
            if (index >= 0) {
                counts[index] += change;
            }
        }
    }
}
