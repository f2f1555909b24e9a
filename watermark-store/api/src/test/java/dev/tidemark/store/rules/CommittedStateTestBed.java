package dev.tidemark.store.rules;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.engine.UnitOfWork;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// State of a store without an engine. The test decides which commits fail, and lets threads wait for the write
/// lock together.
final class CommittedStateTestBed {
    final ScriptedWork work = new ScriptedWork();
    final DeduplicationCache known =
            new DeduplicationCache(new BackwardJournalReader(new CommittedStateTest.NoJournal()));
    final CommittedState state = new CommittedState(
            work,
            Clock.systemUTC(),
            known,
            new FolderNameCache(),
            new Change.InstanceSaved("gw1", "key", Instant.EPOCH, true, 7));

    void enrol(List<MailboxRecord> mailboxes) {
        state.memory().load(mailboxes, List.of(), 0, false);
    }

    /// Runs each task in a thread. All of them wait for the write lock before the first one gets it, in this
    /// order.
    <T> List<FutureTask<T>> together(List<Callable<T>> tasks) {
        var waiting = tasks.stream().map(FutureTask::new).toList();
        state.withWriteLock(() -> {
            for (var task : waiting) {
                var thread = Thread.ofPlatform().daemon().start(task);
                while (thread.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }
            return waiting;
        });
        return waiting;
    }

    /// Records the number of changes of each unit, and fails with the failure that the test sets. Guarded by the
    /// write lock.
    static final class ScriptedWork implements UnitOfWork {
        final List<Integer> units = new ArrayList<>();
        Optional<StoreException> failure = Optional.empty();
        boolean isStored;

        @Override
        public void commit(List<Change> changes, Instant at) {
            units.add(changes.size());
            failure.ifPresent(cause -> {
                throw cause;
            });
        }

        @Override
        public boolean hasFailed() {
            return false;
        }

        @Override
        public boolean repair() {
            failure.ifPresent(cause -> {
                throw cause;
            });
            return isStored;
        }
    }
}
