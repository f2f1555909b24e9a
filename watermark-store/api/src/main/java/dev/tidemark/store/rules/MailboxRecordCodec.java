package dev.tidemark.store.rules;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.BinaryValueReader;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.change.MailboxRow;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.Watermark;
import java.util.Optional;

/// Encodes a mailbox's row in binary.
final class MailboxRecordCodec {
    /// Version 2 adds the degradation of push, version 3 a pending snapshot.
    private static final int VERSION = 3;

    private MailboxRecordCodec() {}

    /// Record as read, and the position up to which it is valid: later entries of the journal must be applied to
    /// it.
    record VersionedRecord(MailboxRecord cell, long upTo) {}

    /// Returns the row of `cell`, which is valid up to position `upTo`.
    static MailboxRow row(MailboxRecord cell, long upTo) {
        return new MailboxRow(cell.id, cell.address, write(cell, upTo));
    }

    static byte[] write(MailboxRecord cell, long upTo) {
        var out = new BinaryValueWriter().octet(VERSION).number(upTo);
        out.text(cell.membership.group())
                .flag(cell.membership.protocolExposed())
                .flag(cell.enrolled);
        writeState(out, cell.state);
        out.number(cell.sequence).number(cell.lastPosition).number(cell.attempts);
        out.optional(cell.live, live -> live.write(out));
        out.optional(cell.pending, pending -> pending.write(out));
        cell.chain.write(out);
        out.optional(cell.watermark, taken -> out.text(taken.value().value()).instant(taken.takenAt()));
        out.number(cell.watermarkPosition);
        out.optionalInstant(cell.subscribedAt())
                .optionalInstant(cell.lastHeardAt())
                .flag(cell.calledBack);
        writeRecoveryState(out, cell);
        return out.toBytes();
    }

    private static void writeRecoveryState(BinaryValueWriter out, MailboxRecord cell) {
        out.optionalInstant(cell.resyncSince);
        out.optional(cell.due, due -> writeDue(out, due)).number(cell.dueForAttempt);
        out.number(cell.backoff.step()).optionalInstant(cell.backoff.lastAt());
        out.number(cell.failuresFromWatermark).number(cell.compensationsWithoutCallback);
        out.optional(cell.origin, origin -> out.constant(origin));
        out.optionalText(cell.lastError);
        out.optional(cell.duplicateWindow, overlap -> overlap.write(out));
        out.flag(cell.ignoreFirstMismatch).number(cell.announcedAttempt).number(cell.lostAttempt);
        out.optionalText(cell.failure);
        cell.degradation.write(out);
        out.optionalInstant(cell.snapshotSince);
    }

    static VersionedRecord read(String id, String address, byte[] body) {
        var in = new BinaryValueReader(body);
        var version = in.expectVersion(1, VERSION, "mailbox row");
        var upTo = in.number();
        // groups are few, mailboxes are many
        var membership = new GroupMembership(in.text().intern(), in.flag());
        var cell = new MailboxRecord(new MailboxId(id), new MailboxAddress(address), membership);
        cell.enrolled = in.flag();
        cell.state = readState(in);
        cell.sequence = in.number();
        cell.lastPosition = in.number();
        cell.attempts = in.number();
        cell.live = in.optional(() -> SubscribeAttempt.read(in));
        cell.pending = in.optional(() -> SubscribeAttempt.read(in));
        cell.chain = NotificationChain.read(in);
        cell.watermark = in.optional(() -> new StoredWatermark(watermark(in, cell.chain), in.instant()));
        cell.watermarkPosition = in.number();
        in.optionalInstant().ifPresent(cell::setSubscribedAt);
        in.optionalInstant().ifPresent(cell::recordCallback);
        cell.calledBack = in.flag();
        readTroubles(in, cell);
        cell.degradation = version >= 2 ? DegradationState.read(in) : DegradationState.NONE;
        cell.snapshotSince = version >= 3 ? in.optionalInstant() : Optional.empty();
        return new VersionedRecord(cell, upTo);
    }

    /// Returns the chain's own object if the watermark is the same, as it usually is.
    private static Watermark watermark(BinaryValueReader in, NotificationChain chain) {
        var read = new Watermark(in.text());
        return chain.last().filter(read::equals).orElse(read);
    }

    private static void readTroubles(BinaryValueReader in, MailboxRecord cell) {
        cell.resyncSince = in.optionalInstant();
        cell.due = in.optional(() -> readDue(in));
        cell.dueForAttempt = in.number();
        cell.backoff = CompensationBackoff.of(in.count(), in.optionalInstant());
        cell.failuresFromWatermark = in.count();
        cell.compensationsWithoutCallback = in.count();
        cell.origin = in.optional(() -> in.constant(EventOrigin.class));
        cell.lastError = in.optionalText();
        cell.duplicateWindow = in.optional(() -> DuplicateWindow.read(in));
        cell.ignoreFirstMismatch = in.flag();
        cell.announcedAttempt = in.number();
        cell.lostAttempt = in.number();
        cell.failure = in.optionalText();
    }

    private static void writeDue(BinaryValueWriter out, PendingCompensation due) {
        out.constant(due.reason()).instant(due.notBefore());
        out.flag(due.resync()).text(due.cause());
    }

    private static PendingCompensation readDue(BinaryValueReader in) {
        return new PendingCompensation(in.constant(SubscribeReason.class), in.instant(), in.flag(), in.text());
    }

    private static void writeState(BinaryValueWriter out, MailboxState state) {
        switch (state) {
            case MailboxState.New ignored -> out.octet(0);
            case MailboxState.Subscribing ignored -> out.octet(1);
            case MailboxState.Active ignored -> out.octet(2);
            case MailboxState.Silent ignored -> out.octet(3);
            case MailboxState.Resyncing ignored -> out.octet(4);
            case MailboxState.Degraded ignored -> out.octet(5);
            case MailboxState.Paused ignored -> out.octet(6);
            case MailboxState.Failed failed -> out.octet(7).text(failed.code()).text(failed.text());
        }
    }

    private static MailboxState readState(BinaryValueReader in) {
        return switch (in.octet()) {
            case 0 -> new MailboxState.New();
            case 1 -> new MailboxState.Subscribing();
            case 2 -> new MailboxState.Active();
            case 3 -> new MailboxState.Silent();
            case 4 -> new MailboxState.Resyncing();
            case 5 -> new MailboxState.Degraded();
            case 6 -> new MailboxState.Paused();
            case 7 -> new MailboxState.Failed(in.text(), in.text());
            default -> throw new StoreException("The store holds an unknown mailbox state; it is damaged: restore it from a backup.");
        };
    }
}
