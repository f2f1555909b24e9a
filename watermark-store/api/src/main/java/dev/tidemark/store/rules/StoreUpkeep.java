package dev.tidemark.store.rules;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.model.MailboxId;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Work that an engine runs on a store periodically, and when it closes it. Thread-safe.
public final class StoreUpkeep {
    /// Number of mailboxes edited in one record, small enough not to delay waiting callbacks.
    private static final int EDITED_AT_ONCE = 128;

    private final CommittedState committed;
    private final Runnable releaseGaps;
    private final Runnable eraseForgotten;

    StoreUpkeep(CommittedState committed, Runnable releaseGaps, Runnable eraseForgotten) {
        this.committed = committed;
        this.releaseGaps = releaseGaps;
        this.eraseForgotten = eraseForgotten;
    }

    /// Repairs a store that failed, if its disk works again.
    ///
    /// @throws dev.tidemark.store.StoreException if the disk still fails
    public void probe() {
        committed.probe();
    }

    /// Applies the commits of other nodes since the last change.
    ///
    /// @throws dev.tidemark.store.StoreException if the store fails
    public void catchUp() {
        committed.catchUp();
    }

    /// Saves the mailboxes that only heartbeats have changed. Must be called every few seconds.
    public void saveHeartbeats() {
        editAll(committed.memory().unsaved(), StoreChangeSet::save);
    }

    /// Saves the mailboxes that have an event after `position`, so that a start need not read the journal from there.
    public void saveMailboxesAfter(long position) {
        var changed = committed.all().stream()
                .filter(record -> record.lastPosition > position)
                .map(record -> record.id)
                .toList();
        editAll(changed, StoreChangeSet::save);
    }

    /// Schedules the compensations that a gap storm delayed, once it is over. Must be called every few seconds.
    public void releaseGaps() {
        releaseGaps.run();
    }

    /// Removes the rows of forgotten mailboxes that a failure or a kill left, and drops the ids of those whose events
    /// retention has removed. Must be called every few seconds.
    public void eraseForgotten() {
        eraseForgotten.run();
    }

    /// Returns the number of mailboxes that were forgotten, which only grows.
    public int forgottenMailboxes() {
        return committed.mailboxes().forgottenTotal();
    }

    /// Returns the number of forgotten mailboxes whose rows are removed, which only grows.
    public int erasedMailboxes() {
        return committed.mailboxes().erasedTotal();
    }

    /// Records whether the store is closed cleanly.
    public void markClean(boolean isClean) {
        committed.change(changeSet -> {
            changeSet.recordClean(isClean);
            return changeSet;
        });
    }

    /// Subscribes all mailboxes again after a restore, and leaves out `numbers` sequence and attempt numbers that may
    /// have been assigned after the backup.
    public void restartAfterRestore(long numbers) {
        editAll(
                List.copyOf(committed.mailboxes().ids()),
                (changeSet, record) -> SubscriptionRules.recordRestore(changeSet, record, numbers));
        committed.change(changeSet -> {
            changeSet.skipInstanceSequence(numbers);
            return changeSet;
        });
    }

    /// Edits mailboxes, a few at a time.
    private void editAll(List<MailboxId> ids, BiConsumer<StoreChangeSet, MailboxRecord> edit) {
        for (var first = 0; first < ids.size(); first += EDITED_AT_ONCE) {
            var some = ids.subList(first, Math.min(ids.size(), first + EDITED_AT_ONCE));
            committed.change(changeSet -> {
                some.stream()
                        .flatMap(id -> changeSet.find(id).stream())
                        .forEach(seen -> edit.accept(changeSet, changeSet.edit(seen)));
                return changeSet;
            });
        }
    }

    /// Runs `task` under the write lock.
    public <T> T withWriteLock(Supplier<T> task) {
        return committed.withWriteLock(task);
    }

    /// Passes the current row of each mailbox to `sink`, with changes that are not saved yet, and the rows of the
    /// forgotten ones.
    public void forEachMailbox(Consumer<Change> sink) {
        committed.all().forEach(record -> sink.accept(committed.memory().row(record)));
        committed.forgotten().values().forEach(sink);
    }
}
