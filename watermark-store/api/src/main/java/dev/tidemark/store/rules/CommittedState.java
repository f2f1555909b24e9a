package dev.tidemark.store.rules;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.engine.JournalEndSignal;
import dev.tidemark.store.engine.StoreMeter;
import dev.tidemark.store.engine.UnitOfWork;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseLostException;
import dev.tidemark.store.listing.MailboxTable;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Committed state of the store in memory, and the only way to change it. A rule fills a [StoreChangeSet], a
/// [UnitOfWork] commits its changes together, and then memory applies them. A unit that fails changes nothing. If
/// several nodes share the store, memory applies their commits first. Thread-safe; units exclude each other.
final class CommittedState {
    private static final Logger LOG = LoggerFactory.getLogger(CommittedState.class);
    /// Number of mailboxes saved in one record, small enough not to delay waiting callbacks.
    private static final int SAVED_AT_ONCE = 128;
    private static final String BEHIND =
            "The store stopped because of an unexpected error in the middle of a change; restart Tidemark.";

    private final UnitOfWork work;
    private final Clock clock;
    private final DeduplicationCache known;
    private final FolderNameCache names;
    /// Fair: otherwise a thread that writes continuously, as callbacks do under load, starves a sink that waits to
    /// save its position.
    private final ReentrantLock writing = new ReentrantLock(true);
    private final CombinedChanges combined = new CombinedChanges();
    private final JournalEndSignal arrivals = new JournalEndSignal();
    private final StoreMeter meter = new StoreMeter();
    private final CommittedMailboxes mailboxes = new CommittedMailboxes();
    /// mailboxes that heartbeats changed in memory only; must be on disk within seconds
    private final Set<MailboxId> unsaved = ConcurrentHashMap.newKeySet();
    /// parts of the memory outside this class that follow the commits of other nodes
    private final List<Consumer<Change>> followers = new CopyOnWriteArrayList<>();
    private Change.InstanceSaved instance;
    /// reads the whole state again, once this node has fallen too far behind the others
    private Runnable reload = () -> {};
    private boolean isReloadDue;
    /// the unit whose commit failed; counts if the engine finds that it is stored
    private Optional<StoreChangeSet> unconfirmed = Optional.empty();
    private volatile Optional<String> failure = Optional.empty();
    /// memory may lack committed changes; only a restart or an upgrade repairs this
    private volatile boolean isBehind;

    CommittedState(
            UnitOfWork work,
            Clock clock,
            DeduplicationCache known,
            FolderNameCache names,
            Change.InstanceSaved instance) {
        this.work = work;
        this.clock = clock;
        this.known = known;
        this.names = names;
        this.instance = instance;
    }

    /// Loads the stored mailboxes and the end of the journal. After an unclean stop, the last heartbeats may be
    /// missing in them.
    ///
    /// @param isUnclean whether the last use of the store has ended, but not cleanly
    void load(
            Collection<MailboxRecord> records,
            Collection<Change.MailboxForgotten> forgotten,
            long end,
            boolean isUnclean) {
        records.forEach(mailboxes::keep);
        forgotten.forEach(this::forget);
        if (isUnclean) {
            records.forEach(record -> record.ignoreFirstMismatch = true);
        }
        arrivals.reach(end);
    }

    /// Sets the way to read the whole state again, which calls [#replace]. Must be called before other threads see
    /// this state.
    void reloadBy(Runnable task) {
        reload = task;
    }

    /// Adds a part of the memory that follows the commits of other nodes. It receives their changes under the write
    /// lock.
    void addFollower(Consumer<Change> follower) {
        followers.add(follower);
    }

    /// Replaces everything by the state as read from the engine. Called under the write lock.
    ///
    /// @param others rows that the followers receive
    void replace(Collection<MailboxRecord> newest, long end, Change.InstanceSaved stored, Stream<Change> others) {
        var present = newest.stream().map(record -> record.id).collect(Collectors.toSet());
        mailboxes.retain(present);
        unsaved.clear();
        newest.forEach(this::follow);
        instance = stored;
        others.forEach(this::passOn);
        arrivals.reach(end);
    }

    /// Changes all mailboxes. Must be called before other threads see them.
    void correct(Consumer<MailboxRecord> correction) {
        mailboxes.correct(correction);
        unsaved.addAll(mailboxes.ids());
    }

    Optional<MailboxRecord> find(MailboxId id) {
        return mailboxes.find(id);
    }

    Optional<MailboxRecord> find(MailboxAddress address) {
        return mailboxes.find(address);
    }

    Collection<MailboxRecord> all() {
        return mailboxes.all();
    }

    /// Returns the mailboxes in memory, for reads.
    CommittedMailboxes mailboxes() {
        return mailboxes;
    }

    /// Returns the fields of the enrolled mailboxes for lists.
    MailboxTable table() {
        return mailboxes.table();
    }

    /// Returns the mailboxes that were forgotten and may still have journaled events, by id.
    Map<MailboxId, Change.MailboxForgotten> forgotten() {
        return mailboxes.forgotten();
    }

    /// Returns whether the entry is of a forgotten mailbox. The one that reports this, without an address, is not.
    boolean isForgotten(JournalEntry entry) {
        return !forgotten().isEmpty()
                && entry.mailbox()
                        .filter(ref -> ref.address().isPresent() && forgotten().containsKey(ref.id()))
                        .isPresent();
    }

    DeduplicationCache known() {
        return known;
    }

    JournalEndSignal arrivals() {
        return arrivals;
    }

    StoreMeter meter() {
        return meter;
    }

    /// Returns the reason why the store cannot write; empty while it can.
    Optional<String> failure() {
        return failure;
    }

    /// Returns whether memory may lack committed changes, so that only a restart makes further changes possible.
    boolean isBehind() {
        return isBehind;
    }

    /// Changes the store by `rule`, one unit at a time. On return the change is on stable storage, unless it
    /// consists of heartbeats only.
    <T> T change(Function<StoreChangeSet, T> rule) {
        return changeUnder(Optional.empty(), rule);
    }

    /// Changes the store as [#change] does, under a lease.
    ///
    /// @throws LeaseLostException if another node has taken the lease; then nothing is changed
    <T> T changeUnder(Optional<Lease> lease, Function<StoreChangeSet, T> rule) {
        writing.lock();
        try {
            var changeSet = beginUnit();
            var judged = judge(rule, changeSet);
            complete(lease, changeSet, judged.changes());
            return judged.result();
        } finally {
            writing.unlock();
        }
    }

    /// Changes one mailbox as [#change] does, in one unit with changes of other mailboxes that wait for the write
    /// lock: a commit takes much longer than a rule. `rule` reads and edits this mailbox only. It may run twice,
    /// because the failure of another rule ends their common unit; so it logs by [StoreChangeSet#report].
    <T> T changeTogether(MailboxId mailbox, Function<StoreChangeSet, T> rule) {
        var own = combined.add(mailbox, rule);
        writing.lock();
        try {
            return combined.complete(own, this);
        } finally {
            writing.unlock();
        }
    }

    /// Begins a unit on the newest state. Called under the write lock; must be followed by [#judge].
    StoreChangeSet beginUnit() {
        recover();
        begin();
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new StoreChangeSet(this::find, names, now, arrivals.end(), instance);
    }

    /// Commits a unit and publishes it. Called under the write lock.
    void complete(Optional<Lease> lease, StoreChangeSet changeSet, List<Change> changes) {
        if (!changes.isEmpty()) {
            unconfirmed = Optional.of(changeSet);
            commit(lease, changes, changeSet.now());
            unconfirmed = Optional.empty();
        }
        publishOrStop(changeSet);
    }

    /// Result of a rule, and the changes that it made.
    record Judged<T>(T result, List<Change> changes) {}

    /// Runs a rule; ends the unit if it fails, or changes nothing. Called under the write lock.
    <T> Judged<T> judge(Function<StoreChangeSet, T> rule, StoreChangeSet changeSet) {
        var mustCommit = false;
        try {
            var result = rule.apply(changeSet);
            if (work.isShared()) {
                changeSet.saveEdited();
            }
            var changes = changeSet.changes();
            mustCommit = !changes.isEmpty();
            return new Judged<>(result, changes);
        } finally {
            if (!mustCommit) {
                work.cancel();
            }
        }
    }

    /// Excludes other nodes until the end of this unit, once memory includes their commits.
    private void begin() {
        try {
            reloadIfDue();
            while (!work.begin(this::follow)) {
                isReloadDue = true;
                reloadIfDue();
            }
        } catch (StoreException e) {
            failed(e);
            throw e;
        }
    }

    /// Applies the commits of other nodes since the last call.
    void catchUp() {
        withWriteLock(() -> {
            recover();
            try {
                reloadIfDue();
                isReloadDue = !work.poll(this::follow);
                reloadIfDue();
            } catch (StoreException e) {
                failed(e);
                throw e;
            }
            return work;
        });
    }

    /// Reads the whole state again if this node has missed commits of others.
    private void reloadIfDue() {
        if (isReloadDue) {
            LOG.warn("This node missed commits of other nodes; reading the whole store again");
            reload.run();
            isReloadDue = false;
        }
    }

    private void follow(List<Change> changes, long newestPosition) {
        for (var change : changes) {
            if (change instanceof Change.MailboxSaved(var row)) {
                follow(MailboxRecordCodec.read(row));
            } else if (change instanceof Change.MailboxForgotten row) {
                forget(row);
            } else if (change instanceof Change.InstanceSaved saved) {
                instance = saved;
            }
            passOn(change);
        }
        arrivals.reach(newestPosition);
    }

    private void follow(MailboxRecord record) {
        find(record.id).ifPresent(record::adoptHints);
        mailboxes.keep(record);
        known.dropIfWindowIsOver(record);
    }

    private void passOn(Change change) {
        followers.forEach(follower -> follower.accept(change));
    }

    private void commit(Optional<Lease> lease, List<Change> changes, Instant at) {
        try {
            if (lease.isPresent()) {
                work.commitUnder(lease.get(), changes, at);
            } else {
                work.commit(changes, at);
            }
        } catch (LeaseLostException e) {
            unconfirmed = Optional.empty();
            throw e;
        } catch (StoreException e) {
            failed(e);
            throw e;
        } catch (Error e) {
            stop(e);
            throw e;
        }
    }

    private void publishOrStop(StoreChangeSet changeSet) {
        try {
            publish(changeSet);
        } catch (RuntimeException | Error e) {
            stop(e);
            throw e;
        }
        changeSet.reports().forEach(Runnable::run);
    }

    /// Refuses all further changes, because the rules would evaluate them on a memory that lacks committed ones.
    private void stop(Throwable cause) {
        isBehind = true;
        failure = Optional.of(BEHIND);
        LOG.error("{}", BEHIND, cause);
    }

    private void publish(StoreChangeSet changeSet) {
        known.addCommitted(changeSet);
        changeSet.edited().values().forEach(mailboxes::keep);
        recordUnsaved(changeSet);
        instance = changeSet.instance();
        changeSet.entries().forEach(entry -> meter.countJournaled(entry.drafts()));
        // before readers see the end of the journal
        changeSet.forgotten().forEach(this::forget);
        arrivals.reach(changeSet.end());
    }

    /// Records the mailboxes to be saved soon; the journal restores the others at the start.
    private void recordUnsaved(StoreChangeSet changeSet) {
        for (var id : changeSet.edited().keySet()) {
            if (changeSet.saved().contains(id)) {
                unsaved.remove(id);
            } else if (!changeSet.isJournaled(id)) {
                unsaved.add(id);
            }
        }
    }

    /// Drops a mailbox and its part of the memory. Called under the write lock, or before other threads see this state.
    void forget(Change.MailboxForgotten row) {
        var id = row.mailbox();
        mailboxes.forget(row);
        unsaved.remove(id);
        known.forget(id);
        names.forget(id);
    }

    private void requireUpToDate() {
        if (isBehind) {
            throw StoreException.permanent(failure.orElse(BEHIND));
        }
    }

    private void recover() {
        requireUpToDate();
        if (failure.isPresent() || work.hasFailed()) {
            repair();
            failure = Optional.empty();
            LOG.info("The store writes again");
        }
    }

    private void repair() {
        try {
            var isStored = work.repair();
            unconfirmed.filter(ignored -> isStored).ifPresent(this::publishOrStop);
            unconfirmed = Optional.empty();
        } catch (StoreException e) {
            failed(e);
            throw e;
        }
    }

    private void failed(StoreException e) {
        if (e.isOfLaterVersion()) {
            // the commit of another node, without which memory cannot continue
            isBehind = true;
            LOG.error("This node can take no further callbacks: {}", e.getMessage());
        } else if (failure.isEmpty()) {
            LOG.error("The store cannot write; callbacks get 503 until it can: {}", e.getMessage());
        }
        failure = Optional.of(String.valueOf(e.getMessage()));
    }

    /// Repairs a store that failed, if its disk works again.
    void probe() {
        withWriteLock(() -> {
            recover();
            return work;
        });
    }

    /// Saves the mailboxes that only heartbeats have changed, a few at a time.
    void saveHeartbeats() {
        saveSome(List.copyOf(unsaved));
    }

    private void saveSome(List<MailboxId> rows) {
        for (var first = 0; first < rows.size(); first += SAVED_AT_ONCE) {
            var some = rows.subList(first, Math.min(rows.size(), first + SAVED_AT_ONCE));
            change(changeSet -> {
                some.stream()
                        .flatMap(id -> changeSet.find(id).stream())
                        .map(changeSet::edit)
                        .forEach(changeSet::save);
                return changeSet;
            });
        }
    }

    /// Edits all mailboxes, a few at a time.
    void editAll(BiConsumer<StoreChangeSet, MailboxRecord> edit) {
        var all = List.copyOf(mailboxes.ids());
        for (var first = 0; first < all.size(); first += SAVED_AT_ONCE) {
            var some = all.subList(first, Math.min(all.size(), first + SAVED_AT_ONCE));
            change(changeSet -> {
                some.stream()
                        .flatMap(id -> changeSet.find(id).stream())
                        .forEach(seen -> edit.accept(changeSet, changeSet.edit(seen)));
                return changeSet;
            });
        }
    }

    /// Saves the mailboxes that have an event after `position`, a few at a time.
    void saveMailboxesAfter(long position) {
        saveSome(mailboxes.all().stream()
                .filter(record -> record.lastPosition > position)
                .map(record -> record.id)
                .toList());
    }

    /// Runs `task` under the write lock.
    ///
    /// @throws StoreException if memory is behind the engine: a snapshot of it would make that permanent
    <T> T withWriteLock(Supplier<T> task) {
        writing.lock();
        try {
            requireUpToDate();
            return task.get();
        } finally {
            writing.unlock();
        }
    }

    /// Returns the current row of a mailbox, for a snapshot.
    Change.MailboxSaved row(MailboxRecord seen) {
        // read in this order: the mailbox includes all entries up to here
        var end = arrivals.end();
        var record = find(seen.id).orElse(seen);
        return new Change.MailboxSaved(MailboxRecordCodec.row(record, Math.max(end, record.lastPosition)));
    }
}
