package dev.tidemark.watermark.change;

import dev.tidemark.values.Appointment;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MessageDetail;
import dev.tidemark.values.MessageDetail.Correspondent;
import dev.tidemark.watermark.Detail;
import dev.tidemark.watermark.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Details in binary, the version first.
public final class DetailCodec {
    private static final int VERSION = 1;
    private static final int FOUND = 0;
    private static final int NOT_FOUND = 1;
    private static final int UNAVAILABLE = 2;

    private DetailCodec() {}

    public static byte[] write(Detail detail) {
        var out = new RowWriter().octet(VERSION);
        switch (detail) {
            case Detail.Found found -> message(out.octet(FOUND), found.message());
            case Detail.NotFound ignored -> out.octet(NOT_FOUND);
            case Detail.Unavailable ignored -> out.octet(UNAVAILABLE);
        }
        return out.toBytes();
    }

    public static Detail read(byte[] bytes) {
        var in = new RowReader(bytes);
        in.expectVersion(VERSION, "detail");
        return switch (in.octet()) {
            case FOUND -> new Detail.Found(message(in));
            case NOT_FOUND -> new Detail.NotFound();
            case UNAVAILABLE -> new Detail.Unavailable();
            default -> throw new StoreException("The store holds a detail of an unknown form; it is damaged.");
        };
    }

    private static void message(RowWriter out, MessageDetail message) {
        out.text(message.id().id()).optionalText(message.id().changeKey());
        out.optionalText(message.itemClass()).optionalText(message.subject());
        out.optionalText(message.internetMessageId()).optionalText(message.conversationId());
        out.optional(message.from(), from -> correspondent(out, from));
        many(out, message.to(), to -> correspondent(out, to));
        many(out, message.cc(), cc -> correspondent(out, cc));
        many(out, message.replyTo(), replyTo -> correspondent(out, replyTo));
        out.optionalInstant(message.receivedAt()).optionalInstant(message.sentAt());
        out.optional(message.hasAttachments(), out::flag);
        out.flag(message.size().isPresent());
        message.size().ifPresent(out::number);
        out.optionalText(message.importance()).optionalText(message.sensitivity());
        out.optional(message.isRead(), out::flag);
        many(out, message.categories(), out::text);
        out.optionalText(message.inReplyTo()).optionalText(message.preview());
        out.optional(message.appointment(), appointment -> appointment(out, appointment));
    }

    private static MessageDetail message(RowReader in) {
        return new MessageDetail(
                new ItemId(in.text(), in.optionalText()),
                in.optionalText(),
                in.optionalText(),
                in.optionalText(),
                in.optionalText(),
                in.optional(() -> correspondent(in)),
                many(in, () -> correspondent(in)),
                many(in, () -> correspondent(in)),
                many(in, () -> correspondent(in)),
                in.optionalInstant(),
                in.optionalInstant(),
                in.optional(in::flag),
                in.flag() ? OptionalLong.of(in.number()) : OptionalLong.empty(),
                in.optionalText(),
                in.optionalText(),
                in.optional(in::flag),
                many(in, in::text),
                in.optionalText(),
                in.optionalText(),
                in.optional(() -> appointment(in)));
    }

    private static void appointment(RowWriter out, Appointment appointment) {
        out.optionalInstant(appointment.start()).optionalInstant(appointment.end());
        out.optional(appointment.allDay(), out::flag);
        out.optional(appointment.organizer(), organizer -> correspondent(out, organizer));
        out.optionalText(appointment.location()).optionalText(appointment.iCalUid());
        out.optional(appointment.cancelled(), out::flag);
    }

    private static Appointment appointment(RowReader in) {
        return new Appointment(
                in.optionalInstant(),
                in.optionalInstant(),
                in.optional(in::flag),
                in.optional(() -> correspondent(in)),
                in.optionalText(),
                in.optionalText(),
                in.optional(in::flag));
    }

    private static void correspondent(RowWriter out, Correspondent correspondent) {
        out.optionalText(correspondent.name()).optionalText(correspondent.address());
    }

    private static Correspondent correspondent(RowReader in) {
        return new Correspondent(in.optionalText(), in.optionalText());
    }

    private static <T> void many(RowWriter out, List<T> values, Consumer<T> writer) {
        out.number(values.size());
        values.forEach(writer);
    }

    private static <T> List<T> many(RowReader in, Supplier<T> reader) {
        var values = new ArrayList<T>();
        for (var left = in.count(); left > 0; left--) {
            values.add(reader.get());
        }
        return values;
    }
}
