package dev.tidemark.store.change;

import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import java.util.Optional;

/// Key of the row that a [Change] saves or removes. Of two changes with equal keys, the later replaces the
/// earlier. Changes of the journal and prunings have no key. Immutable.
///
/// @param name first text of the key, or empty
/// @param part second text of the key, or empty
/// @param number number of the key, or 0
public record ChangeKey(Table table, String name, String part, long number) {
    /// Kinds of rows.
    public enum Table {
        INSTANCE,
        MAILBOX,
        FOLDER_STATE,
        SINK,
        DEFERRED,
        DEAD_LETTER,
        DETAIL,
        DETAIL_SPAN,
        MAILBOX_LOCATION,
        CLOCK_OFFSET,
        EVENT_TIME,
        REPLAY
    }

    /// Returns the key of the row that `change` saves or removes; empty if it has none.
    public static Optional<ChangeKey> of(Change change) {
        return switch (change) {
            case Change.JournalAppended ignored -> Optional.empty();
            case Change.JournalPruned ignored -> Optional.empty();
            case Change.DetailsPruned ignored -> Optional.empty();
            case Change.InstanceSaved ignored -> key(Table.INSTANCE, "");
            case Change.MailboxSaved(var row) -> key(Table.MAILBOX, row.id().value());
            case Change.MailboxForgotten row -> key(Table.MAILBOX, row.mailbox().value());
            case Change.FolderStateSaved(var id, var folder, var ignored) -> folder(id, folder);
            case Change.FolderStateRemoved(var id, var folder) -> folder(id, folder);
            case Change.SinkSaved row -> key(Table.SINK, row.sink().value());
            case Change.SinkRemoved(var sink) -> key(Table.SINK, sink.value());
            case Change.DeliveryDeferred(var row) -> deferred(row.sink(), row.position());
            case Change.DeferralRemoved(var sink, var position) -> deferred(sink, position);
            case Change.DeadLetterSaved row ->
                key(Table.DEAD_LETTER, row.letter().id());
            case Change.DeadLetterRemoved(var id) -> key(Table.DEAD_LETTER, id);
            case Change.DetailSaved row -> key(Table.DETAIL, "", row.position());
            case Change.DetailRemoved(var position) -> key(Table.DETAIL, "", position);
            case Change.DetailSpanSaved row -> key(Table.DETAIL_SPAN, row.group(), row.from());
            case Change.MailboxLocationSaved row ->
                key(Table.MAILBOX_LOCATION, row.mailbox().value());
            case Change.MailboxLocationRemoved(var id) -> key(Table.MAILBOX_LOCATION, id.value());
            case Change.ClockOffsetSaved row -> key(Table.CLOCK_OFFSET, row.connection());
            case Change.EventTimeSaved row -> key(Table.EVENT_TIME, row.connection());
            case Change.ReplaySaved(var replay) -> key(Table.REPLAY, replay.id());
            case Change.ReplayRemoved(var id) -> key(Table.REPLAY, id);
        };
    }

    private static Optional<ChangeKey> folder(MailboxId mailbox, String folder) {
        return Optional.of(new ChangeKey(Table.FOLDER_STATE, mailbox.value(), folder, 0));
    }

    private static Optional<ChangeKey> deferred(SinkName sink, JournalPosition position) {
        return key(Table.DEFERRED, sink.value(), position);
    }

    private static Optional<ChangeKey> key(Table table, String name) {
        return Optional.of(new ChangeKey(table, name, "", 0));
    }

    private static Optional<ChangeKey> key(Table table, String name, JournalPosition position) {
        return Optional.of(new ChangeKey(table, name, "", position.value()));
    }
}
