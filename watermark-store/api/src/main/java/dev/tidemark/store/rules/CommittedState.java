package dev.tidemark.store.rules;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.JournalEndSignal;
import dev.tidemark.store.engine.UnitOfWork;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseLostException;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Committed state of the store in memory, and the only way to change it. A rule fills a [StoreChangeSet], a
/// [UnitOfWork] commits its changes together, and then [CommittedMemory] publishes them. A unit that fails changes
/// nothing. If several nodes share the store, memory applies their commits first. Thread-safe: units exclude each
/// other by the write lock, which only this class holds.
final class CommittedState {
    private static final Logger LOG = LoggerFactory.getLogger(CommittedState.class);

    private final UnitOfWork work;
    private final Clock clock;
    private final CommittedMemory memory;
    /// Fair: otherwise a thread that writes continuously, as callbacks do under load, starves a sink that waits to
    /// save its position.
    private final ReentrantLock writing = new ReentrantLock(true);
    private final CombinedChanges combined = new CombinedChanges();
    private final WriteFailure failure = new WriteFailure();
    /// reads the whole state again, once this node has fallen too far behind the others
    private Runnable reload = () -> {};
    private boolean isReloadDue;
    /// the unit whose commit failed; counts if the engine finds that it is stored
    private Optional<StoreChangeSet> unconfirmed = Optional.empty();

    CommittedState(
            UnitOfWork work,
            Clock clock,
            DeduplicationCache known,
            FolderNameCache names,
            Change.InstanceSaved instance) {
        this.work = work;
        this.clock = clock;
        this.memory = new CommittedMemory(known, names, instance);
    }

    /// Sets the way to read the whole state again, which calls [CommittedMemory#replace]. Must be called before
    /// other threads see this state.
    void reloadBy(Runnable task) {
        reload = task;
    }

    CommittedMemory memory() {
        return memory;
    }

    Optional<MailboxRecord> find(MailboxId id) {
        return mailboxes().find(id);
    }

    Optional<MailboxRecord> find(MailboxAddress address) {
        return mailboxes().find(address);
    }

    Collection<MailboxRecord> all() {
        return mailboxes().all();
    }

    /// Returns the mailboxes in memory, for reads.
    CommittedMailboxes mailboxes() {
        return memory.mailboxes();
    }

    /// Returns the mailboxes that were forgotten and may still have journaled events, by id.
    Map<MailboxId, Change.MailboxForgotten> forgotten() {
        return mailboxes().forgotten();
    }

    JournalEndSignal arrivals() {
        return memory.arrivals();
    }

    /// Returns the reason why the store cannot write; empty while it can.
    Optional<String> failure() {
        return failure.reason();
    }

    /// Returns whether memory may lack committed changes, so that only a restart makes further changes possible.
    boolean isBehind() {
        return failure.isBehind();
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
        return memory.changeSet(now);
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
            while (!work.begin(memory::follow)) {
                isReloadDue = true;
                reloadIfDue();
            }
        } catch (StoreException e) {
            failure.record(e);
            throw e;
        }
    }

    /// Applies the commits of other nodes since the last call.
    void catchUp() {
        withWriteLock(() -> {
            recover();
            try {
                reloadIfDue();
                isReloadDue = !work.poll(memory::follow);
                reloadIfDue();
            } catch (StoreException e) {
                failure.record(e);
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
            failure.record(e);
            throw e;
        } catch (Error e) {
            failure.stop(e);
            throw e;
        }
    }

    private void publishOrStop(StoreChangeSet changeSet) {
        try {
            memory.publish(changeSet);
        } catch (RuntimeException | Error e) {
            failure.stop(e);
            throw e;
        }
        changeSet.reports().forEach(Runnable::run);
    }

    private void recover() {
        failure.requireUpToDate();
        if (failure.reason().isPresent() || work.hasFailed()) {
            repair();
            failure.end();
        }
    }

    private void repair() {
        try {
            var isStored = work.repair();
            unconfirmed.filter(ignored -> isStored).ifPresent(this::publishOrStop);
            unconfirmed = Optional.empty();
        } catch (StoreException e) {
            failure.record(e);
            throw e;
        }
    }

    /// Repairs a store that failed, if its disk works again.
    void probe() {
        withWriteLock(() -> {
            recover();
            return work;
        });
    }

    /// Runs `task` under the write lock.
    ///
    /// @throws StoreException if memory is behind the engine: a snapshot of it would make that permanent
    <T> T withWriteLock(Supplier<T> task) {
        writing.lock();
        try {
            failure.requireUpToDate();
            return task.get();
        } finally {
            writing.unlock();
        }
    }
}
