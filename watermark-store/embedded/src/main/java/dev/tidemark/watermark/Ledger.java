package dev.tidemark.watermark;

import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The memory of the store and the one way to change it: work on a [Draft], write it, force it, and only then
/// publish it. A write that fails leaves the memory as it was.
final class Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    /// Rows folded in one transaction: few enough not to be felt by call-backs that wait meanwhile.
    private static final int FOLDED_AT_ONCE = 128;

    private final JdbcRunner jdbc;
    private final DurableWrites writes;
    private final Clock clock;
    private final KnownKeys known;
    private final FolderNames names;
    /// Fair: whoever writes again and again, as call-backs do under load, would else take it back before a
    /// sink that waits to save its position has woken up, for seconds on end.
    private final ReentrantLock writing = new ReentrantLock(true);
    private final Arrivals arrivals = new Arrivals();
    private final Map<MailboxId, Cell> cells = new ConcurrentHashMap<>();
    private final Map<MailboxAddress, MailboxId> ids = new ConcurrentHashMap<>();
    private final Set<MailboxId> owing = ConcurrentHashMap.newKeySet();
    private final DirtyRows dirty = new DirtyRows();
    private final ReentrantLock folding = new ReentrantLock();
    /// Restore what a failed write may have left behind besides journal, mailboxes and instance.
    private final List<Change> undoing = new ArrayList<>();
    private Change.InstanceSaved instance;
    private long folded;
    private volatile Optional<String> failure = Optional.empty();

    Ledger(
            JdbcRunner jdbc,
            DurableWrites writes,
            Clock clock,
            KnownKeys known,
            FolderNames names,
            Change.InstanceSaved instance) {
        this.jdbc = jdbc;
        this.writes = writes;
        this.clock = clock;
        this.known = known;
        this.names = names;
        this.instance = instance;
    }

    /// Reads what is on disk. After an unclean stop heartbeats may be missing in it.
    void load(InstanceTable.Stored stored, Tail tail) {
        folded = stored.foldPosition();
        for (var row : MailboxTable.all(jdbc)) {
            tail.add(row);
        }
        var end = Math.max(stored.end(), tail.replay(folded));
        tail.cells().forEach(this::keep);
        dirty.add(tail.moved());
        if (!stored.instance().stoppedCleanly()) {
            cells.values().forEach(cell -> cell.forgiving = true);
            dirty.add(cells.keySet());
        }
        arrivals.reach(end);
    }

    /// Changes all mailboxes; only before anybody else sees them.
    void correct(Consumer<Cell> work) {
        cells.values().forEach(work);
        dirty.add(cells.keySet());
    }

    Optional<Cell> find(MailboxId id) {
        return Optional.ofNullable(cells.get(id));
    }

    Optional<Cell> find(MailboxAddress address) {
        return Optional.ofNullable(ids.get(address)).flatMap(this::find);
    }

    Collection<Cell> all() {
        return cells.values();
    }

    /// Of these something is still to be done.
    Collection<MailboxId> owing() {
        return List.copyOf(owing);
    }

    KnownKeys known() {
        return known;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    /// Returns the reason why the store cannot write; empty while it can.
    Optional<String> failure() {
        return failure;
    }

    /// Changes the store by `work`, one change at a time. On return it is on stable storage, unless it was
    /// only about heartbeats.
    <T> T change(Function<Draft, T> work) {
        writing.lock();
        try {
            if (failure.isPresent()) {
                // what is judged now may be read from what is mended then
                recover();
            }
            var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            var draft = new Draft(this::find, names, now, arrivals.end(), instance);
            var result = work.apply(draft);
            var changes = draft.changes();
            if (!changes.isEmpty()) {
                write(draft, changes);
            }
            publish(draft);
            return result;
        } finally {
            writing.unlock();
        }
    }

    private void write(Draft draft, List<Change> changes) {
        var before = ChangeWriter.undoing(jdbc, changes);
        try {
            var rows = rows(changes);
            if (rows.size() == changes.size()) {
                writes.append(rows);
            } else {
                writes.write(ChangeWriter.all(changes));
            }
        } catch (StoreException e) {
            dirty.add(draft.saved().stream().filter(cells::containsKey).toList());
            undoing.addAll(before);
            failed(e);
            throw e;
        }
    }

    private static List<JournalRow> rows(List<Change> changes) {
        return changes.stream()
                .filter(Change.JournalAppended.class::isInstance)
                .map(change -> ((Change.JournalAppended) change).row())
                .toList();
    }

    private void failed(StoreException e) {
        if (failure.isEmpty()) {
            LOG.error("The store cannot write; call-backs are refused until it can: {}", e.getMessage());
        }
        failure = Optional.of(String.valueOf(e.getMessage()));
    }

    private void publish(Draft draft) {
        draft.edited().values().forEach(this::keep);
        dirty.published(draft);
        instance = draft.instance();
        known.published(draft);
        arrivals.reach(draft.end());
    }

    private void keep(Cell cell) {
        var before = cells.put(cell.id, cell);
        if (cell.owes()) {
            owing.add(cell.id);
        } else if (before != null && before.owes()) {
            owing.remove(cell.id);
        }
        if (before == null) {
            ids.put(cell.address, cell.id);
        }
    }

    /// After a failed write nobody knows what of it is on disk: takes back what was promised to nobody.
    private void recover() {
        var end = arrivals.end();
        dirty.lost();
        writes.mend();
        writes.write(tx -> {
            JournalTable.removeBeyond(tx, end);
            InstanceTable.save(tx, instance);
            ChangeWriter.all(undoing.reversed()).accept(tx);
            dirty.all().forEach(id -> find(id).ifPresent(cell -> MailboxTable.save(tx, cell, end)));
        });
        dirty.clear();
        undoing.clear();
        failure = Optional.empty();
        LOG.info("The store writes again");
    }

    /// Finds out whether a store that failed writes again.
    void probe() {
        writing.lock();
        try {
            if (failure.isPresent()) {
                recover();
            }
        } finally {
            writing.unlock();
        }
    }

    /// Brings the mailboxes' rows up to the journal's present end.
    void fold() {
        foldAlone(() -> {
            var goal = arrivals.end();
            fold(alone(dirty::all));
            // only now: whoever reads this after a crash relies on the rows
            alone(() -> setFolded(goal));
        });
    }

    /// Brings the rows up to what has been heard of mailboxes that the journal says nothing of.
    void foldHeard() {
        foldAlone(() -> fold(alone(dirty::restless)));
    }

    private void foldAlone(Runnable work) {
        folding.lock();
        try {
            work.run();
        } catch (StoreException e) {
            alone(() -> {
                dirty.lost();
                failed(e);
                return e;
            });
            throw e;
        } finally {
            folding.unlock();
        }
    }

    /// A few rows at a time, so that call-backs wait for none but a few; nobody else waits for the disk.
    private void fold(List<MailboxId> unordered) {
        var rows = ordered(unordered);
        for (var first = 0; first < rows.size(); first += FOLDED_AT_ONCE) {
            var some = rows.subList(first, Math.min(rows.size(), first + FOLDED_AT_ONCE));
            alone(() -> foldSome(some));
        }
        if (!rows.isEmpty()) {
            alone(writes::snapshot).ifPresent(writes::settle);
            alone(() -> {
                dirty.settled();
                return rows;
            });
        }
    }

    private List<MailboxId> ordered(List<MailboxId> rows) {
        var some = rows.stream().flatMap(id -> find(id).stream()).toList();
        some.stream().filter(cell -> !cell.place.known()).forEach(cell -> MailboxTable.place(jdbc, cell));
        return some.stream().sorted(Place.ORDER).map(cell -> cell.id).toList();
    }

    private boolean foldSome(List<MailboxId> some) {
        if (failure.isEmpty()) {
            var end = arrivals.end();
            writes.defer(tx -> some.forEach(id -> find(id).ifPresent(cell -> MailboxTable.save(tx, cell, end))));
            dirty.defer(some);
        }
        return failure.isPresent();
    }

    private long setFolded(long goal) {
        if (failure.isEmpty() && goal > folded) {
            var end = arrivals.end();
            writes.defer(tx -> InstanceTable.setFolded(tx, goal, end));
            folded = goal;
        }
        return folded;
    }

    /// Runs `work` while nothing is changed.
    <T> T alone(Supplier<T> work) {
        writing.lock();
        try {
            return work.get();
        } finally {
            writing.unlock();
        }
    }

    /// The newest event that no mailbox row depends on any more.
    long folded() {
        return alone(() -> folded);
    }
}
