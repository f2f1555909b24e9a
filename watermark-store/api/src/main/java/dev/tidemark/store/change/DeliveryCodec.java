package dev.tidemark.store.change;

import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import dev.tidemark.store.model.SinkStatus;

/// Fields of changes about sinks in binary, without the tag. Called by [ChangeCodec]. Thread-safe.
final class DeliveryCodec {
    private DeliveryCodec() {}

    static void writeSink(BinaryValueWriter out, Change.SinkSaved row) {
        var position = row.position();
        out.text(row.sink().value()).number(position.upTo().value()).bytes(PositionCodec.write(position));
        var status = row.status();
        out.optionalInstant(status.failingSince());
        out.flag(status.disabled()).flag(status.untilOperator()).optionalText(status.lastError());
    }

    static Change.SinkSaved readSink(BinaryValueReader in) {
        return new Change.SinkSaved(
                sink(in),
                PositionCodec.read(in.number(), in.bytes()),
                new SinkStatus(in.optionalInstant(), in.flag(), in.flag(), in.optionalText()));
    }

    static void writeDeferred(BinaryValueWriter out, DeferredDelivery row) {
        out.text(row.sink().value()).number(row.position().value()).text(row.lane());
        out.number(row.attempts()).optionalInstant(row.firstFailedAt()).instant(row.nextAttemptAt());
        out.flag(row.overtaken()).optionalText(row.lastError());
    }

    static DeferredDelivery readDeferred(BinaryValueReader in) {
        return new DeferredDelivery(
                sink(in),
                position(in),
                in.text(),
                in.count(),
                in.optionalInstant(),
                in.instant(),
                in.flag(),
                in.optionalText());
    }

    static void writeDeadLetter(BinaryValueWriter out, Change.DeadLetterSaved row) {
        var letter = row.letter();
        out.text(letter.id()).text(letter.sink().value()).bytes(JournalEntryCodec.writeEvent(letter.event()));
        out.text(letter.reason())
                .number(letter.attempts())
                .instant(letter.diedAt())
                .flag(row.recalled());
    }

    static void writeResponse(BinaryValueWriter out, RefusedResponse response) {
        out.number(response.status()).text(response.body());
    }

    static Change.DeadLetterSaved readDeadLetter(BinaryValueReader in) {
        var letter = new DeadLetter(
                in.text(), sink(in), JournalEntryCodec.readEvent(in.bytes()), in.text(), in.count(), in.instant());
        return new Change.DeadLetterSaved(letter, in.flag());
    }

    static Change.DeadLetterSaved readRefusedLetter(BinaryValueReader in) {
        var saved = readDeadLetter(in);
        var response = new RefusedResponse(in.count(), in.text());
        return new Change.DeadLetterSaved(saved.letter().withResponse(response), saved.recalled());
    }

    static void writeReplay(BinaryValueWriter out, SinkReplay replay) {
        out.text(replay.id()).text(replay.sink().value()).instant(replay.begunAt());
        out.number(replay.after().value()).number(replay.upTo().value());
        out.optionalText(replay.mailbox().map(MailboxId::value)).optionalText(replay.type());
        out.number(replay.rate())
                .number(replay.count().done())
                .number(replay.count().total());
    }

    static SinkReplay readReplay(BinaryValueReader in) {
        return new SinkReplay(
                in.text(),
                sink(in),
                in.instant(),
                position(in),
                position(in),
                in.optionalText().map(MailboxId::new),
                in.optionalText(),
                in.count(),
                new SinkReplay.ReplayCounts(in.number(), in.number()));
    }

    private static SinkName sink(BinaryValueReader in) {
        return new SinkName(in.text());
    }

    private static JournalPosition position(BinaryValueReader in) {
        return new JournalPosition(in.number());
    }
}
