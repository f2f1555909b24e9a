package dev.tidemark.store.rules;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.JournalEntryCodec;
import dev.tidemark.store.engine.StoreEngine;
import dev.tidemark.store.engine.StoredState;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.MailboxId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;

/// Restores the mailboxes at the opening of a store from their rows and from newer rows of the journal, and everything
/// in memory once a node has fallen too far behind others. Used under the write lock, or by the thread that opens the
/// store.
final class MailboxLoading {
    private MailboxLoading() {}

    /// Reads everything in memory again.
    static void reload(CommittedState committed, StoreEngine engine, Duration resyncMargin, OffsetRules offsets) {
        var end = engine.journal().newestPosition();
        var state = engine.state();
        var others = Stream.of(
                        engine.clockOffsets().offsets(),
                        engine.clockOffsets().eventTimes(),
                        engine.locations().all(),
                        engine.details().spans())
                .<Change>flatMap(List::stream);
        state.forgottenMailboxes().forEach(committed.memory()::forget);
        committed
                .memory()
                .replace(
                        load(state, resyncMargin, offsets),
                        end,
                        state.instance().orElseThrow(),
                        others);
    }

    static Collection<MailboxRecord> load(StoredState state, Duration resyncMargin, OffsetRules offsets) {
        var rows = new HashMap<MailboxId, MailboxRecordCodec.VersionedRecord>();
        for (var row : state.drainMailboxes()) {
            rows.put(
                    row.id(),
                    MailboxRecordCodec.read(row.id().value(), row.address().value(), row.body()));
        }
        state.readNewerJournal(row -> JournalEntryCodec.read(row.position(), row.body())
                .forEach(entry -> {
                    var mailbox = entry.mailbox().map(EventData.MailboxRef::id).map(rows::get);
                    mailbox.filter(it -> entry.position() > it.upTo())
                            .ifPresent(it -> MailboxProjector.replay(it.record(), entry, resyncMargin, offsets));
                }));
        var records = new ArrayList<MailboxRecord>(rows.size());
        rows.values().forEach(row -> records.add(row.record()));
        return records;
    }
}
