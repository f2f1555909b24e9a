package dev.tidemark.store.rules;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.BinaryValueReader;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.change.MailboxRow;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.MembershipSource;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.Watermark;
import java.util.Optional;

/// Encodes a mailbox's row in binary.
final class MailboxRecordCodec {
    /// Version 2 adds the degradation of push, version 3 a pending snapshot, version 4 the source of the membership.
    private static final int VERSION = 4;

    private MailboxRecordCodec() {}

    /// Record as read, and the position up to which it is valid: later entries of the journal must be applied to
    /// it.
    record VersionedRecord(MailboxRecord record, long upTo) {}

    /// Returns the row of `record`, which is valid up to position `upTo`.
    static MailboxRow row(MailboxRecord record, long upTo) {
        return new MailboxRow(record.id, record.address, write(record, upTo));
    }

    static byte[] write(MailboxRecord record, long upTo) {
        var out = new BinaryValueWriter().octet(VERSION).number(upTo);
        out.text(record.membership.group())
                .flag(record.membership.protocolExposed())
                .flag(record.enrolled);
        writeState(out, record.state);
        out.number(record.sequence).number(record.lastPosition).number(record.attempts);
        out.optional(record.live, live -> live.write(out));
        out.optional(record.pending, pending -> pending.write(out));
        record.chain.write(out);
        out.optional(record.watermark, taken -> out.text(taken.value().value()).instant(taken.takenAt()));
        out.number(record.watermarkPosition);
        out.optionalInstant(record.subscribedAt())
                .optionalInstant(record.lastHeardAt())
                .flag(record.calledBack);
        writeRecoveryState(out, record);
        return out.toBytes();
    }

    private static void writeRecoveryState(BinaryValueWriter out, MailboxRecord record) {
        out.optionalInstant(record.resyncSince);
        out.optional(record.due, due -> writeDue(out, due)).number(record.dueForAttempt);
        out.number(record.backoff.step()).optionalInstant(record.backoff.lastAt());
        out.number(record.failuresFromWatermark).number(record.compensationsWithoutCallback);
        out.optional(record.origin, origin -> out.constant(origin));
        out.optionalText(record.lastError);
        out.optional(record.duplicateWindow, overlap -> overlap.write(out));
        out.flag(record.ignoreFirstMismatch).number(record.announcedAttempt).number(record.lostAttempt);
        out.optionalText(record.failure);
        record.degradation.write(out);
        out.optionalInstant(record.snapshotSince);
        out.constant(record.membership.source());
    }

    static MailboxRecord read(MailboxRow row) {
        return read(row.id().value(), row.address().value(), row.body()).record();
    }

    static VersionedRecord read(String id, String address, byte[] body) {
        var in = new BinaryValueReader(body);
        var version = in.expectVersion(1, VERSION, "mailbox row");
        var upTo = in.number();
        // groups are few, mailboxes are many
        var membership = new GroupMembership(in.text().intern(), in.flag());
        var record = new MailboxRecord(new MailboxId(id), new MailboxAddress(address), membership);
        record.enrolled = in.flag();
        record.state = readState(in);
        record.sequence = in.number();
        record.lastPosition = in.number();
        record.attempts = in.number();
        record.live = in.optional(() -> SubscribeAttempt.read(in));
        record.pending = in.optional(() -> SubscribeAttempt.read(in));
        record.chain = NotificationChain.read(in);
        record.watermark = in.optional(() -> new StoredWatermark(watermark(in, record.chain), in.instant()));
        record.watermarkPosition = in.number();
        in.optionalInstant().ifPresent(record::setSubscribedAt);
        in.optionalInstant().ifPresent(record::recordCallback);
        record.calledBack = in.flag();
        readTroubles(in, record);
        record.degradation = version >= 2 ? DegradationState.read(in) : DegradationState.NONE;
        record.snapshotSince = version >= 3 ? in.optionalInstant() : Optional.empty();
        if (version >= 4) {
            record.membership = new GroupMembership(
                    membership.group(), membership.protocolExposed(), in.constant(MembershipSource.class));
        }
        return new VersionedRecord(record, upTo);
    }

    /// Returns the chain's own object if the watermark is the same, as it usually is.
    private static Watermark watermark(BinaryValueReader in, NotificationChain chain) {
        var read = new Watermark(in.text());
        return chain.last().filter(read::equals).orElse(read);
    }

    private static void readTroubles(BinaryValueReader in, MailboxRecord record) {
        record.resyncSince = in.optionalInstant();
        record.due = in.optional(() -> readDue(in));
        record.dueForAttempt = in.number();
        record.backoff = CompensationBackoff.of(in.count(), in.optionalInstant());
        record.failuresFromWatermark = in.count();
        record.compensationsWithoutCallback = in.count();
        record.origin = in.optional(() -> in.constant(EventOrigin.class));
        record.lastError = in.optionalText();
        record.duplicateWindow = in.optional(() -> DuplicateWindow.read(in));
        record.ignoreFirstMismatch = in.flag();
        record.announcedAttempt = in.number();
        record.lostAttempt = in.number();
        record.failure = in.optionalText();
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
            default ->
                throw StoreException.permanent(
                        "The store holds an unknown mailbox state; it is damaged: restore it from a backup.");
        };
    }
}
