package dev.tidemark.watermark;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Applies a [Change] to H2's tables. Called by the [Ledger] within a transaction, under the write lock.
final class ChangeWriter {
    private ChangeWriter() {}

    static Consumer<JdbcRunner.Tx> all(List<Change> changes) {
        return tx -> changes.forEach(change -> apply(tx, change));
    }

    static void apply(JdbcRunner.Tx tx, Change change) {
        switch (change) {
            case Change.JournalAppended(var row) -> JournalTable.put(tx, row);
            case Change.JournalPruned(var upTo) -> JournalTable.removeTo(tx, upTo);
            case Change.MailboxSaved(var row) -> MailboxTable.save(tx, row);
            case Change.InstanceSaved row -> InstanceTable.save(tx, row);
            case Change.FolderStateSaved(var id, var folder, var state) -> FolderStates.save(tx, id, folder, state);
            case Change.FolderStateRemoved(var id, var folder) -> FolderStates.remove(tx, id, folder);
            case Change.SinkSaved(var sink, var place, var status) -> SinkTable.save(tx, sink, place, status);
            case Change.DeliveryDeferred(var row) -> DeferredTable.save(tx, row);
            case Change.DeferralRemoved(var sink, var position) -> DeferredTable.remove(tx, sink, position);
            case Change.DeadLetterSaved(var letter, var recalled) -> DeadLetterTable.save(tx, letter, recalled);
            case Change.DeadLetterRemoved(var id) -> DeadLetterTable.remove(tx, id);
            case Change.DetailSaved(var position, var detail) -> DetailTable.save(tx, position, detail);
            case Change.DetailSpanSaved span -> DetailTable.saveSpan(tx, span);
            case Change.DetailsPruned(var upTo) -> DetailTable.removeTo(tx, upTo);
            case Change.MailboxLocationSaved(var id, var place) -> MailboxLocationTable.save(tx, id, place);
            case Change.ClockOffsetSaved(var name, var offset) -> ExchangeClockTable.saveOffset(tx, name, offset);
            case Change.EventTimeSaved(var name, var ahead) -> ExchangeClockTable.saveEventTime(tx, name, ahead);
            case Change.ReplaySaved(var replay) -> ReplayTable.save(tx, replay);
            case Change.ReplayRemoved(var id) -> ReplayTable.remove(tx, id);
        }
    }

    /// Returns the changes that restore the folder states which `changes` replace. A state that survived a failed write
    /// would hide the events that were found with it.
    static List<Change> undoing(JdbcRunner jdbc, List<Change> changes) {
        var states = new FolderStates(jdbc);
        return changes.stream()
                .flatMap(change -> change instanceof Change.FolderStateSaved saved ? Stream.of(saved) : Stream.empty())
                .map(saved -> states.find(saved.mailbox(), saved.folder())
                        .<Change>map(before -> new Change.FolderStateSaved(saved.mailbox(), saved.folder(), before))
                        .orElseGet(() -> new Change.FolderStateRemoved(saved.mailbox(), saved.folder())))
                .toList();
    }
}
