package dev.tidemark.watermark.rules;

import dev.tidemark.watermark.FolderNames;
import dev.tidemark.watermark.change.Change;
import dev.tidemark.watermark.engine.StoreEngine;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The memory of a store without its rules: changes go into the engine unjudged. Used by one thread.
public final class UnjudgedRules {
    private final Ledger ledger;

    public UnjudgedRules(StoreEngine engine, Clock clock) {
        var state = engine.state();
        var instance = state.instance().orElse(new Change.InstanceSaved("gw1", "key", clock.instant(), true, 0));
        var known = new KnownKeys(new JournalWalk(engine.journal()));
        ledger = new Ledger(engine.unitOfWork(), clock, known, new FolderNames(), instance);
        var margin = Duration.ofMinutes(15);
        var offsets = new OffsetRules(ledger, engine.clockOffsets(), UnaryOperator.identity(), margin);
        ledger.load(
                MailboxLoading.load(state, margin, offsets), engine.journal().newestPosition());
    }

    public void change(List<Change> changes) {
        ledger.change(draft -> {
            changes.forEach(draft::add);
            return draft;
        });
    }

    public StoreUpkeep upkeep() {
        return new StoreUpkeep(ledger, () -> {});
    }

    /// Returns all mailboxes with everything that is known of them.
    public Stream<String> mailboxes() {
        return ledger.all().stream()
                .map(cell -> cell.id + " " + HexFormat.of().formatHex(CellCodec.write(cell, 0)))
                .sorted();
    }
}
