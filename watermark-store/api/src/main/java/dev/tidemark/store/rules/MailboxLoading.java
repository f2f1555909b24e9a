package dev.tidemark.store.rules;

import dev.tidemark.store.change.JournalEntryCodec;
import dev.tidemark.store.engine.StoredState;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.MailboxId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;

/// Restores the mailboxes at the opening of a store from their rows and from newer rows of the journal. Used by
/// one thread.
final class MailboxLoading {
    private MailboxLoading() {}

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
