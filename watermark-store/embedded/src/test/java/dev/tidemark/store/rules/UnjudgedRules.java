package dev.tidemark.store.rules;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.engine.StoreEngine;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Memory of a store without its rules: passes changes to the engine directly. Used by one thread.
public final class UnjudgedRules {
    private final CommittedState committed;

    public UnjudgedRules(StoreEngine engine, Clock clock) {
        var state = engine.state();
        var instance = state.instance().orElse(new Change.InstanceSaved("gw1", "key", clock.instant(), true, 0));
        var known = new DeduplicationCache(new BackwardJournalReader(engine.journal()));
        committed = new CommittedState(engine.unitOfWork(), clock, known, new FolderNameCache(), instance);
        var margin = Duration.ofMinutes(15);
        var offsets = new OffsetRules(committed, engine.clockOffsets(), UnaryOperator.identity(), margin);
        committed
                .memory()
                .load(
                        MailboxLoading.load(state, margin, offsets),
                        state.forgottenMailboxes(),
                        engine.journal().newestPosition(),
                        !instance.clean());
    }

    public void change(List<Change> changes) {
        committed.change(changeSet -> {
            changes.forEach(changeSet::add);
            return changeSet;
        });
    }

    public StoreUpkeep upkeep() {
        return new StoreUpkeep(committed, () -> {}, () -> {});
    }

    /// Returns all mailboxes with all their fields.
    public Stream<String> mailboxes() {
        return committed.all().stream()
                .map(record -> record.id + " " + HexFormat.of().formatHex(MailboxRecordCodec.write(record, 0)))
                .sorted();
    }
}
