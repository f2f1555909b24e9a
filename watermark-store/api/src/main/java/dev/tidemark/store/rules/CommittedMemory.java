package dev.tidemark.store.rules;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.JournalEndSignal;
import dev.tidemark.store.engine.StoreMeter;
import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Memory of the store: the mailboxes, the instance and the end of the journal, as committed. Publishes the
/// commits of this node and applies those of others. Written under the write lock of [CommittedState], or before
/// other threads see it; any thread reads the mailboxes, the end and the meter.
final class CommittedMemory {
    private final DeduplicationCache known;
    private final FolderNameCache names;
    private final JournalEndSignal arrivals = new JournalEndSignal();
    private final StoreMeter meter = new StoreMeter();
    private final CommittedMailboxes mailboxes = new CommittedMailboxes();
    /// mailboxes that heartbeats changed in memory only; must be on disk within seconds
    private final Set<MailboxId> unsaved = ConcurrentHashMap.newKeySet();
    /// parts of the memory outside this class that follow the commits of other nodes
    private final List<Consumer<Change>> followers = new CopyOnWriteArrayList<>();
    private Change.InstanceSaved instance;

    CommittedMemory(DeduplicationCache known, FolderNameCache names, Change.InstanceSaved instance) {
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

    /// Changes all mailboxes. Must be called before other threads see them.
    void correct(Consumer<MailboxRecord> correction) {
        mailboxes.correct(correction);
        unsaved.addAll(mailboxes.ids());
    }

    /// Adds a part of the memory that follows the commits of other nodes. It receives their changes under the
    /// write lock.
    void addFollower(Consumer<Change> follower) {
        followers.add(follower);
    }

    CommittedMailboxes mailboxes() {
        return mailboxes;
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

    /// Returns the mailboxes that only heartbeats have changed since they were saved.
    List<MailboxId> unsaved() {
        return List.copyOf(unsaved);
    }

    /// Returns the current row of a mailbox, for a snapshot.
    Change.MailboxSaved row(MailboxRecord seen) {
        // read in this order: the mailbox includes all entries up to here
        var end = arrivals.end();
        var record = mailboxes.find(seen.id).orElse(seen);
        return new Change.MailboxSaved(MailboxRecordCodec.row(record, Math.max(end, record.lastPosition)));
    }

    /// Begins a change of what is committed now.
    StoreChangeSet changeSet(Instant now) {
        return new StoreChangeSet(mailboxes::find, names, now, arrivals.end(), instance);
    }

    /// Makes a committed change of this node visible.
    void publish(StoreChangeSet changeSet) {
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

    /// Applies a commit of another node.
    void follow(List<Change> changes, long newestPosition) {
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

    /// Replaces everything by the state as read from the engine.
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

    private void follow(MailboxRecord record) {
        mailboxes.find(record.id).ifPresent(record::adoptHints);
        mailboxes.keep(record);
        known.dropIfWindowIsOver(record);
    }

    private void passOn(Change change) {
        followers.forEach(follower -> follower.accept(change));
    }

    /// Drops a mailbox and its part of the memory.
    void forget(Change.MailboxForgotten row) {
        var id = row.mailbox();
        mailboxes.forget(row);
        unsaved.remove(id);
        known.forget(id);
        names.forget(id);
    }
}
