package dev.tidemark.store.change;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.values.CalendarItemDetail;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MessageDetail;
import dev.tidemark.values.MessageDetail.Correspondent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Encodes details in binary, the version first.
public final class ItemDetailCodec {
    private static final int VERSION = 1;
    private static final int FOUND = 0;
    private static final int NOT_FOUND = 1;
    private static final int UNAVAILABLE = 2;

    private ItemDetailCodec() {}

    public static byte[] write(ItemDetail detail) {
        var out = new BinaryValueWriter().octet(VERSION);
        switch (detail) {
            case ItemDetail.Found found -> message(out.octet(FOUND), found.message());
            case ItemDetail.NotFound ignored -> out.octet(NOT_FOUND);
            case ItemDetail.Unavailable ignored -> out.octet(UNAVAILABLE);
        }
        return out.toBytes();
    }

    public static ItemDetail read(byte[] bytes) {
        var in = new BinaryValueReader(bytes);
        in.expectVersion(VERSION, "detail");
        return switch (in.octet()) {
            case FOUND -> new ItemDetail.Found(message(in));
            case NOT_FOUND -> new ItemDetail.NotFound();
            case UNAVAILABLE -> new ItemDetail.Unavailable();
            default ->
                throw StoreException.permanent(
                        "The store holds a detail of an unknown form; it is damaged: restore it from a backup.");
        };
    }

    private static void message(BinaryValueWriter out, MessageDetail message) {
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

    private static MessageDetail message(BinaryValueReader in) {
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

    private static void appointment(BinaryValueWriter out, CalendarItemDetail appointment) {
        out.optionalInstant(appointment.start()).optionalInstant(appointment.end());
        out.optional(appointment.allDay(), out::flag);
        out.optional(appointment.organizer(), organizer -> correspondent(out, organizer));
        out.optionalText(appointment.location()).optionalText(appointment.iCalUid());
        out.optional(appointment.cancelled(), out::flag);
    }

    private static CalendarItemDetail appointment(BinaryValueReader in) {
        return new CalendarItemDetail(
                in.optionalInstant(),
                in.optionalInstant(),
                in.optional(in::flag),
                in.optional(() -> correspondent(in)),
                in.optionalText(),
                in.optionalText(),
                in.optional(in::flag));
    }

    private static void correspondent(BinaryValueWriter out, Correspondent correspondent) {
        out.optionalText(correspondent.name()).optionalText(correspondent.address());
    }

    private static Correspondent correspondent(BinaryValueReader in) {
        return new Correspondent(in.optionalText(), in.optionalText());
    }

    private static <T> void many(BinaryValueWriter out, List<T> values, Consumer<T> writer) {
        out.number(values.size());
        values.forEach(writer);
    }

    private static <T> List<T> many(BinaryValueReader in, Supplier<T> reader) {
        var values = new ArrayList<T>();
        for (var left = in.count(); left > 0; left--) {
            values.add(reader.get());
        }
        return values;
    }
}
