package dev.tidemark.store.change;

import dev.tidemark.store.MailboxLocationStore;
import dev.tidemark.store.ResyncStore.FolderState;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.values.ClockOffset;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SyncState;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.NoSuchElementException;

/// Encodes changes in binary: a tag byte for the kind, then the fields. Changes may share a writer, which stores a
/// repeated text once. A new meaning or format of a change requires a new tag. Thread-safe.
public final class ChangeCodec {
    private static final int JOURNAL_APPENDED = 1;
    private static final int JOURNAL_PRUNED = 2;
    private static final int MAILBOX_SAVED = 3;
    private static final int INSTANCE_SAVED = 4;
    private static final int FOLDER_STATE_SAVED = 5;
    private static final int FOLDER_STATE_REMOVED = 6;
    private static final int SINK_SAVED = 7;
    private static final int DELIVERY_DEFERRED = 8;
    private static final int DEFERRAL_REMOVED = 9;
    private static final int DEAD_LETTER_SAVED = 10;
    private static final int DEAD_LETTER_REMOVED = 11;
    private static final int DETAIL_SAVED = 12;
    private static final int DETAIL_SPAN_SAVED = 13;
    private static final int DETAILS_PRUNED = 14;
    private static final int MAILBOX_LOCATION_SAVED = 15;
    private static final int CLOCK_OFFSET_SAVED = 16;
    private static final int EVENT_TIME_SAVED = 17;
    private static final int REPLAY_SAVED = 18;
    private static final int REPLAY_REMOVED = 19;
    private static final int MAILBOX_FORGOTTEN = 20;
    private static final int DETAIL_REMOVED = 21;
    private static final int MAILBOX_LOCATION_REMOVED = 22;
    private static final int REFUSED_LETTER_SAVED = 23;
    private static final int SINK_REMOVED = 24;

    /// Format of stores that this version writes: the newest tag. An earlier version cannot read a later format.
    public static final int FORMAT = SINK_REMOVED;

    private ChangeCodec() {}

    public static void write(BinaryValueWriter out, Change change) {
        switch (change) {
            case Change.JournalAppended(var row) -> writeJournal(out.octet(JOURNAL_APPENDED), row);
            case Change.JournalPruned(var upTo) -> out.octet(JOURNAL_PRUNED).number(upTo);
            case Change.MailboxSaved(var row) -> writeMailbox(out.octet(MAILBOX_SAVED), row);
            case Change.InstanceSaved row -> writeInstance(out.octet(INSTANCE_SAVED), row);
            case Change.FolderStateSaved row -> writeFolderState(out.octet(FOLDER_STATE_SAVED), row);
            case Change.FolderStateRemoved(var id, var folder) ->
                out.octet(FOLDER_STATE_REMOVED).text(id.value()).text(folder);
            case Change.SinkSaved row -> DeliveryCodec.writeSink(out.octet(SINK_SAVED), row);
            case Change.DeliveryDeferred(var row) -> DeliveryCodec.writeDeferred(out.octet(DELIVERY_DEFERRED), row);
            case Change.DeferralRemoved(var sink, var position) ->
                out.octet(DEFERRAL_REMOVED).text(sink.value()).number(position.value());
            case Change.DeadLetterSaved row -> writeDeadLetter(out, row);
            case Change.DeadLetterRemoved(var id) ->
                out.octet(DEAD_LETTER_REMOVED).text(id);
            case Change.DetailSaved(var position, var detail) ->
                out.octet(DETAIL_SAVED).number(position.value()).bytes(ItemDetailCodec.write(detail));
            case Change.DetailSpanSaved row -> writeSpan(out.octet(DETAIL_SPAN_SAVED), row);
            case Change.DetailsPruned(var upTo) -> out.octet(DETAILS_PRUNED).number(upTo);
            case Change.MailboxLocationSaved row -> writeLocation(out.octet(MAILBOX_LOCATION_SAVED), row);
            case Change.ClockOffsetSaved(var name, var offset) -> {
                out.octet(CLOCK_OFFSET_SAVED).text(name);
                out.number(offset.least().toMillis()).number(offset.most().toMillis());
            }
            case Change.EventTimeSaved(var name, var ahead) ->
                out.octet(EVENT_TIME_SAVED).text(name).number(ahead.toMillis());
            case Change.ReplaySaved(var replay) -> DeliveryCodec.writeReplay(out.octet(REPLAY_SAVED), replay);
            case Change.ReplayRemoved(var id) -> out.octet(REPLAY_REMOVED).text(id);
            case Change.MailboxForgotten(var id, var last, var erased) ->
                out.octet(MAILBOX_FORGOTTEN).text(id.value()).number(last).flag(erased);
            case Change.DetailRemoved(var position) -> out.octet(DETAIL_REMOVED).number(position.value());
            case Change.MailboxLocationRemoved(var id) ->
                out.octet(MAILBOX_LOCATION_REMOVED).text(id.value());
            case Change.SinkRemoved(var sink) -> out.octet(SINK_REMOVED).text(sink.value());
        }
    }

    /// Returns the next change.
    ///
    /// @throws StoreException if a later version wrote it, or if it is damaged
    public static Change read(BinaryValueReader in) {
        try {
            return read(in.octet(), in);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException | NoSuchElementException e) {
            throw StoreException.permanent(
                    "The store holds a change with an impossible value; it is damaged: restore it from a backup.", e);
        }
    }

    private static Change read(int tag, BinaryValueReader in) {
        return switch (tag) {
            case JOURNAL_APPENDED ->
                new Change.JournalAppended(new JournalRow(in.number(), in.number(), in.number(), in.bytes()));
            case JOURNAL_PRUNED -> new Change.JournalPruned(in.number());
            case MAILBOX_SAVED ->
                new Change.MailboxSaved(new MailboxRow(mailbox(in), new MailboxAddress(in.text()), in.bytes()));
            case INSTANCE_SAVED -> new Change.InstanceSaved(in.text(), in.text(), in.instant(), in.flag(), in.number());
            case FOLDER_STATE_SAVED -> new Change.FolderStateSaved(mailbox(in), in.text(), folderState(in));
            case FOLDER_STATE_REMOVED -> new Change.FolderStateRemoved(mailbox(in), in.text());
            case SINK_SAVED -> DeliveryCodec.readSink(in);
            case DELIVERY_DEFERRED -> new Change.DeliveryDeferred(DeliveryCodec.readDeferred(in));
            case DEFERRAL_REMOVED -> new Change.DeferralRemoved(new SinkName(in.text()), position(in));
            case DEAD_LETTER_SAVED -> DeliveryCodec.readDeadLetter(in);
            case REFUSED_LETTER_SAVED -> DeliveryCodec.readRefusedLetter(in);
            case DEAD_LETTER_REMOVED -> new Change.DeadLetterRemoved(in.text());
            case DETAIL_SAVED -> new Change.DetailSaved(position(in), ItemDetailCodec.read(in.bytes()));
            case DETAIL_SPAN_SAVED ->
                new Change.DetailSpanSaved(in.text(), position(in), in.optional(() -> position(in)));
            case DETAILS_PRUNED -> new Change.DetailsPruned(in.number());
            case MAILBOX_LOCATION_SAVED -> new Change.MailboxLocationSaved(mailbox(in), readPlace(in));
            case CLOCK_OFFSET_SAVED -> new Change.ClockOffsetSaved(in.text(), new ClockOffset(millis(in), millis(in)));
            case EVENT_TIME_SAVED -> new Change.EventTimeSaved(in.text(), millis(in));
            case REPLAY_SAVED -> new Change.ReplaySaved(DeliveryCodec.readReplay(in));
            case REPLAY_REMOVED -> new Change.ReplayRemoved(in.text());
            case MAILBOX_FORGOTTEN -> new Change.MailboxForgotten(mailbox(in), in.number(), in.flag());
            case DETAIL_REMOVED -> new Change.DetailRemoved(position(in));
            case MAILBOX_LOCATION_REMOVED -> new Change.MailboxLocationRemoved(mailbox(in));
            case SINK_REMOVED -> new Change.SinkRemoved(new SinkName(in.text()));
            default ->
                throw StoreException.ofLaterVersion("The store holds a change of kind " + tag + ", which was written by"
                        + " a later version of Tidemark; run that version, or a later one.");
        };
    }

    /// A letter without a response keeps the form that earlier versions read.
    private static void writeDeadLetter(BinaryValueWriter out, Change.DeadLetterSaved row) {
        var response = row.letter().response();
        out.octet(response.isPresent() ? REFUSED_LETTER_SAVED : DEAD_LETTER_SAVED);
        DeliveryCodec.writeDeadLetter(out, row);
        response.ifPresent(refused -> DeliveryCodec.writeResponse(out, refused));
    }

    private static void writeJournal(BinaryValueWriter out, JournalRow row) {
        out.number(row.position()).number(row.events()).number(row.recordedAt()).bytes(row.body());
    }

    private static void writeMailbox(BinaryValueWriter out, MailboxRow row) {
        out.text(row.id().value()).text(row.address().value()).bytes(row.body());
    }

    private static void writeInstance(BinaryValueWriter out, Change.InstanceSaved row) {
        out.text(row.name()).text(row.tokenKey()).instant(row.createdAt());
        out.flag(row.clean()).number(row.sequence());
    }

    private static void writeFolderState(BinaryValueWriter out, Change.FolderStateSaved row) {
        out.text(row.mailbox().value()).text(row.folder());
        var state = row.state();
        out.text(state.state().value()).instant(state.takenAt()).flag(state.complete());
    }

    private static FolderState folderState(BinaryValueReader in) {
        return new FolderState(new SyncState(in.text()), in.instant(), in.flag());
    }

    private static void writeSpan(BinaryValueWriter out, Change.DetailSpanSaved row) {
        out.text(row.group()).number(row.from().value());
        out.optional(row.to(), to -> out.number(to.value()));
    }

    private static void writeLocation(BinaryValueWriter out, Change.MailboxLocationSaved row) {
        var location = row.location();
        out.text(row.mailbox().value()).text(location.url().toString());
        out.optionalText(location.grouping()).instant(location.takenAt());
    }

    private static MailboxLocationStore.MailboxLocation readPlace(BinaryValueReader in) {
        return new MailboxLocationStore.MailboxLocation(URI.create(in.text()), in.optionalText(), in.instant());
    }

    private static MailboxId mailbox(BinaryValueReader in) {
        return new MailboxId(in.text());
    }

    private static JournalPosition position(BinaryValueReader in) {
        return new JournalPosition(in.number());
    }

    private static Duration millis(BinaryValueReader in) {
        return Duration.ofMillis(in.number());
    }
}
