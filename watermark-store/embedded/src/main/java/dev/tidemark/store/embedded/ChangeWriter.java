package dev.tidemark.store.embedded;

import dev.tidemark.store.change.Change;
import java.util.List;
import java.util.function.Consumer;

/// Applies a [Change] to the tables of [StoreIndex], within one transaction. Used by the thread that holds the
/// write lock.
final class ChangeWriter {
    private ChangeWriter() {}

    static Consumer<JdbcRunner.Tx> all(List<Change> changes) {
        return tx -> changes.forEach(change -> apply(tx, change));
    }

    /// Returns whether the index has a table for the change.
    static boolean isIndexed(Change change) {
        return switch (change) {
            case Change.JournalAppended ignored -> false;
            case Change.JournalPruned ignored -> false;
            case Change.MailboxSaved ignored -> false;
            case Change.InstanceSaved ignored -> false;
            default -> true;
        };
    }

    private static void apply(JdbcRunner.Tx tx, Change change) {
        switch (change) {
            case Change.JournalAppended ignored -> {}
            case Change.JournalPruned ignored -> {}
            case Change.MailboxSaved ignored -> {}
            case Change.InstanceSaved ignored -> {}
            case Change.FolderStateSaved(var id, var folder, var state) -> SyncStateTable.save(tx, id, folder, state);
            case Change.FolderStateRemoved(var id, var folder) -> SyncStateTable.remove(tx, id, folder);
            case Change.SinkSaved(var sink, var position, var status) -> SinkTable.save(tx, sink, position, status);
            case Change.DeliveryDeferred(var row) -> DeferredDeliveryTable.save(tx, row);
            case Change.DeferralRemoved(var sink, var position) -> DeferredDeliveryTable.remove(tx, sink, position);
            case Change.DeadLetterSaved(var letter, var recalled) -> DeadLetterTable.save(tx, letter, recalled);
            case Change.DeadLetterRemoved(var id) -> DeadLetterTable.remove(tx, id);
            case Change.DetailSaved(var position, var detail) -> DetailTable.save(tx, position, detail);
            case Change.DetailSpanSaved span -> DetailTable.saveSpan(tx, span);
            case Change.DetailsPruned(var upTo) -> DetailTable.removeTo(tx, upTo);
            case Change.MailboxLocationSaved(var id, var location) -> MailboxLocationTable.save(tx, id, location);
            case Change.ClockOffsetSaved(var name, var offset) -> ExchangeClockTable.saveOffset(tx, name, offset);
            case Change.EventTimeSaved(var name, var ahead) -> ExchangeClockTable.saveEventTime(tx, name, ahead);
            case Change.ReplaySaved(var replay) -> ReplayTable.save(tx, replay);
            case Change.ReplayRemoved(var id) -> ReplayTable.remove(tx, id);
        }
    }
}
