package dev.tidemark.store.rules;

import dev.tidemark.store.ReplayStore;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.DeadLetterQueries;
import dev.tidemark.store.engine.ReplayQueries;
import dev.tidemark.store.engine.StoreEngine;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import java.util.List;
import java.util.Optional;

/// Implements [ReplayStore] on the committed state.
final class ReplayRules implements ReplayStore {
    /// Limit for the rows of one unit of work, because callbacks wait for it.
    private static final int ROWS_AT_ONCE = 500;

    private final CommittedState ledger;
    private final ReplayQueries replays;
    private final DeadLetterQueries dead;

    ReplayRules(CommittedState ledger, StoreEngine engine) {
        this.ledger = ledger;
        this.replays = engine.replays();
        this.dead = engine.deadLetters();
    }

    @Override
    public void begin(SinkReplay replay) {
        ledger.change(draft -> {
            draft.add(new Change.ReplaySaved(replay));
            return draft;
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
        ledger.change(draft -> {
            replays.find(id).ifPresent(replay -> draft.add(new Change.ReplaySaved(replay.at(after, done))));
            return draft;
        });
    }

    @Override
    public boolean end(String id) {
        return ledger.change(draft -> {
            var there = replays.find(id);
            there.ifPresent(replay -> draft.add(new Change.ReplayRemoved(id)));
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
            next = ledger.change(draft -> recallSome(draft, sink, after));
        }
        return count;
    }

    /// Returns the id behind which there may be more letters.
    private Optional<String> recallSome(StoreChangeSet draft, Optional<SinkName> sink, String after) {
        var letters = dead.unrecalled(sink, after, ROWS_AT_ONCE);
        letters.forEach(letter -> draft.add(new Change.DeadLetterSaved(letter, true)));
        return letters.size() < ROWS_AT_ONCE
                ? Optional.empty()
                : Optional.of(letters.getLast().id());
    }

    @Override
    public Optional<SinkName> recall(String deadLetter) {
        return ledger.change(draft -> {
            var found = dead.find(deadLetter);
            found.ifPresent(letter -> draft.add(new Change.DeadLetterSaved(letter, true)));
            return found.map(DeadLetter::sink);
        });
    }

    @Override
    public List<DeadLetter> recalled(SinkName sink, int limit) {
        return dead.recalled(sink, limit);
    }

    @Override
    public void saveFailedRecall(DeadLetter letter) {
        ledger.change(draft -> {
            if (dead.exists(letter.id())) {
                draft.add(new Change.DeadLetterSaved(letter, false));
            }
            return draft;
        });
    }
}
