package dev.tidemark.store.sql;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ItemDetailCodec;
import dev.tidemark.store.change.JournalEntryCodec;
import dev.tidemark.store.change.PositionCodec;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.JournalPosition;
import java.util.List;

/// Change of one row of a [StoreTable], or of all rows up to a position. Values are texts, numbers, booleans,
/// instants, byte arrays, or an [java.util.Optional] of one of them. Immutable.
public sealed interface RowChange {
    StoreTable table();

    /// Row that is inserted, or replaces the row with the same key.
    record RowSaved(StoreTable table, List<Object> values) implements RowChange {
        /// Returns the values of the primary key.
        public List<Object> key() {
            return values.subList(0, table.keys().size());
        }
    }

    /// Removal of the row with this key.
    record RowRemoved(StoreTable table, List<Object> key) implements RowChange {}

    /// Removal of all rows whose `column` is not above `upTo`.
    record RowsPruned(StoreTable table, String column, long upTo) implements RowChange {}

    /// Returns the changes of rows for a change of the store; none for the journal, mailboxes and the instance,
    /// which each engine stores differently.
    static List<RowChange> of(Change change) {
        return switch (change) {
            case Change.JournalAppended ignored -> List.of();
            case Change.JournalPruned ignored -> List.of();
            case Change.MailboxSaved ignored -> List.of();
            case Change.MailboxForgotten ignored -> List.of();
            case Change.InstanceSaved ignored -> List.of();
            case Change.FolderStateSaved(var id, var folder, var state) ->
                saved(
                        StoreTable.FOLDER_STATE,
                        id.value(),
                        folder,
                        state.state().value(),
                        state.takenAt(),
                        state.complete());
            case Change.FolderStateRemoved(var id, var folder) -> removed(StoreTable.FOLDER_STATE, id.value(), folder);
            case Change.SinkSaved sink -> List.of(sink(sink));
            case Change.SinkRemoved(var sink) -> removed(StoreTable.SINK, sink.value());
            case Change.DeliveryDeferred deferred -> List.of(deferred(deferred));
            case Change.DeferralRemoved(var sink, var position) ->
                removed(StoreTable.DEFERRED, sink.value(), position.value());
            case Change.DeadLetterSaved letter -> List.of(deadLetter(letter));
            case Change.DeadLetterRemoved(var id) -> removed(StoreTable.DEAD_LETTER, id);
            case Change.DetailSaved(var position, var detail) ->
                saved(StoreTable.DETAIL, position.value(), ItemDetailCodec.write(detail));
            case Change.DetailRemoved(var position) -> removed(StoreTable.DETAIL, position.value());
            case Change.DetailSpanSaved(var group, var from, var to) ->
                saved(StoreTable.DETAIL_SPAN, group, from.value(), to.map(JournalPosition::value));
            case Change.DetailsPruned(var upTo) ->
                List.of(
                        new RowsPruned(StoreTable.DETAIL, "position", upTo),
                        new RowsPruned(StoreTable.DETAIL_SPAN, "to_position", upTo));
            case Change.MailboxLocationSaved(var id, var location) ->
                saved(
                        StoreTable.MAILBOX_LOCATION,
                        id.value(),
                        location.url().toString(),
                        location.grouping().orElse(MailboxLocationTable.NO_GROUPING),
                        location.takenAt());
            case Change.MailboxLocationRemoved(var id) -> removed(StoreTable.MAILBOX_LOCATION, id.value());
            case Change.ClockOffsetSaved(var name, var offset) ->
                saved(
                        StoreTable.CLOCK_OFFSET,
                        name,
                        offset.least().toMillis(),
                        offset.most().toMillis());
            case Change.EventTimeSaved(var name, var ahead) -> saved(StoreTable.EVENT_TIME, name, ahead.toMillis());
            case Change.ReplaySaved replay -> List.of(replay(replay));
            case Change.ReplayRemoved(var id) -> removed(StoreTable.REPLAY, id);
        };
    }

    private static List<RowChange> saved(StoreTable table, Object... values) {
        return List.of(new RowSaved(table, List.of(values)));
    }

    private static List<RowChange> removed(StoreTable table, Object... key) {
        return List.of(new RowRemoved(table, List.of(key)));
    }

    private static RowChange sink(Change.SinkSaved sink) {
        var status = sink.status();
        return new RowSaved(
                StoreTable.SINK,
                List.of(
                        sink.sink().value(),
                        sink.position().upTo().value(),
                        PositionCodec.write(sink.position()),
                        status.failingSince(),
                        status.disabled(),
                        status.untilOperator(),
                        status.lastError()));
    }

    private static RowChange deferred(Change.DeliveryDeferred deferred) {
        var row = deferred.row();
        return new RowSaved(
                StoreTable.DEFERRED,
                List.of(
                        row.sink().value(),
                        row.position().value(),
                        row.lane(),
                        row.attempts(),
                        row.firstFailedAt(),
                        row.nextAttemptAt(),
                        row.overtaken(),
                        row.lastError()));
    }

    private static RowChange deadLetter(Change.DeadLetterSaved saved) {
        var letter = saved.letter();
        return new RowSaved(
                StoreTable.DEAD_LETTER,
                List.of(
                        letter.id(),
                        letter.sink().value(),
                        letter.reason(),
                        letter.attempts(),
                        letter.diedAt(),
                        JournalEntryCodec.writeEvent(letter.event()),
                        saved.recalled(),
                        letter.response().map(RefusedResponse::status),
                        letter.response().map(RefusedResponse::body)));
    }

    private static RowChange replay(Change.ReplaySaved saved) {
        var replay = saved.replay();
        return new RowSaved(
                StoreTable.REPLAY,
                List.of(
                        replay.id(),
                        replay.sink().value(),
                        replay.begunAt(),
                        replay.after().value(),
                        replay.upTo().value(),
                        replay.mailbox().map(id -> id.value()),
                        replay.type(),
                        replay.rate(),
                        replay.count().done(),
                        replay.count().total()));
    }
}
