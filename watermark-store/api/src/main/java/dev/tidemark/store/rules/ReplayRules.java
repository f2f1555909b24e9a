package dev.tidemark.store.rules;

import dev.tidemark.store.ReplayStore;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.DeadLetterQueries;
import dev.tidemark.store.engine.ReplayQueries;
import dev.tidemark.store.engine.StoreEngine;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Implements [ReplayStore] on the committed state.
final class ReplayRules implements ReplayStore {
    /// Limit for the rows of one unit of work, because callbacks wait for it.
    private static final int ROWS_AT_ONCE = 500;

    private final CommittedState committed;
    private final StoreEngine engine;
    private final ReplayQueries replays;
    private final DeadLetterQueries dead;
    /// lease under which this view changes the store
    private final Optional<Lease> lease;

    ReplayRules(CommittedState committed, StoreEngine engine) {
        this(committed, engine, Optional.empty());
    }

    private ReplayRules(CommittedState committed, StoreEngine engine, Optional<Lease> lease) {
        this.committed = committed;
        this.engine = engine;
        this.lease = lease;
        this.replays = engine.replays();
        this.dead = engine.deadLetters();
    }

    @Override
    public ReplayStore under(Lease held) {
        return new ReplayRules(committed, engine, Optional.of(held));
    }

    private <T> T change(Function<StoreChangeSet, T> rule) {
        return committed.changeUnder(lease, rule);
    }

    @Override
    public void begin(SinkReplay replay) {
        change(changeSet -> {
            changeSet.add(new Change.ReplaySaved(replay));
            return changeSet;
        });
    }

    @Override
    public List<SinkReplay> running(SinkName sink) {
        return running().stream().filter(replay -> replay.sink().equals(sink)).toList();
    }

    @Override
    public List<SinkReplay> running() {
        return replays.all();
    }

    @Override
    public void advance(String id, JournalPosition after, long done) {
        change(changeSet -> {
            replays.find(id).ifPresent(replay -> changeSet.add(new Change.ReplaySaved(replay.at(after, done))));
            return changeSet;
        });
    }

    @Override
    public boolean end(String id) {
        return change(changeSet -> {
            var there = replays.find(id);
            there.ifPresent(replay -> changeSet.add(new Change.ReplayRemoved(id)));
            return there.isPresent();
        });
    }

    /// Recalls the letters in order of their ids. A letter that fails again meanwhile is not recalled a second
    /// time.
    @Override
    public int recallAll(Optional<SinkName> sink) {
        var count = dead.count(sink);
        var next = Optional.of("");
        while (next.isPresent()) {
            var after = next.get();
            next = change(changeSet -> recallSome(changeSet, sink, after));
        }
        return count;
    }

    /// Returns the id behind which there may be more letters.
    private Optional<String> recallSome(StoreChangeSet changeSet, Optional<SinkName> sink, String after) {
        var letters = dead.unrecalled(sink, after, ROWS_AT_ONCE);
        letters.forEach(letter -> changeSet.add(new Change.DeadLetterSaved(letter, true)));
        return letters.size() < ROWS_AT_ONCE
                ? Optional.empty()
                : Optional.of(letters.getLast().id());
    }

    @Override
    public Optional<SinkName> recall(String deadLetter) {
        return change(changeSet -> {
            var found = dead.find(deadLetter);
            found.ifPresent(letter -> changeSet.add(new Change.DeadLetterSaved(letter, true)));
            return found.map(DeadLetter::sink);
        });
    }

    @Override
    public List<DeadLetter> recalled(SinkName sink, int limit) {
        return dead.recalled(sink, limit);
    }

    @Override
    public void saveFailedRecall(DeadLetter letter) {
        change(changeSet -> {
            if (dead.exists(letter.id())) {
                changeSet.add(new Change.DeadLetterSaved(letter, false));
            }
            return changeSet;
        });
    }
}
