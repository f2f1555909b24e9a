package dev.tidemark.store.change;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.EventData.FolderInfo;
import dev.tidemark.store.model.EventData.Lifecycle;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.EventData.Protocol;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Encodes the data of events in binary, without the mailbox, which the enclosing entry holds.
final class EventDataCodec {
    static final int CHANGE = 0;
    static final int LIFECYCLE = 1;
    static final int TEXT = 0;
    static final int NUMBER = 1;
    static final int TRUTH = 2;
    static final int MAP = 3;
    private static final String NO_ADDRESS = "";

    private EventDataCodec() {}

    static void write(BinaryValueWriter out, EventData data) {
        switch (data) {
            case Change change -> writeChange(out.octet(CHANGE), change);
            case Lifecycle lifecycle -> writeMap(out.octet(LIFECYCLE), lifecycle.fields());
        }
    }

    static EventData read(BinaryValueReader in, Optional<MailboxRef> mailbox) {
        return switch (in.octet()) {
            case CHANGE -> readChange(in, mailbox.orElseThrow());
            case LIFECYCLE -> new Lifecycle(mailbox, readMap(in));
            default ->
                throw StoreException.permanent(
                        "The journal holds data of an unknown form; it is damaged: restore it from a backup.");
        };
    }

    static void writeMailbox(BinaryValueWriter out, MailboxRef ref) {
        var address = ref.address().map(MailboxAddress::value).orElse(NO_ADDRESS);
        out.text(ref.id().value()).text(address).text(ref.group());
    }

    static MailboxRef readMailbox(BinaryValueReader in) {
        var id = new MailboxId(in.text());
        var address = Optional.of(in.text()).filter(text -> !text.equals(NO_ADDRESS));
        return new MailboxRef(id, address.map(MailboxAddress::new), in.text());
    }

    private static void writeChange(BinaryValueWriter out, Change change) {
        out.constant(change.kind());
        writeObject(out, change.target());
        out.optional(change.parentFolder(), folder -> writeFolder(out, folder));
        out.optional(change.old(), old -> writeObject(out, old));
        out.optional(change.oldParentFolder(), folder -> writeFolder(out, folder));
        var unread = change.unreadCount();
        out.flag(unread.isPresent());
        unread.ifPresent(out::number);
        out.optional(change.protocol(), protocol -> writeProtocol(out, protocol));
    }

    private static Change readChange(BinaryValueReader in, MailboxRef mailbox) {
        return new Change(
                mailbox,
                in.constant(ChangeKind.class),
                readObject(in),
                in.optional(() -> readFolder(in)),
                in.optional(() -> readObject(in)),
                in.optional(() -> readFolder(in)),
                in.flag() ? OptionalInt.of(in.count()) : OptionalInt.empty(),
                in.optional(() -> readProtocol(in)));
    }

    private static void writeObject(BinaryValueWriter out, ObjectId object) {
        out.flag(object instanceof FolderId).text(object.id()).optionalText(object.changeKey());
    }

    private static ObjectId readObject(BinaryValueReader in) {
        return in.flag() ? new FolderId(in.text(), in.optionalText()) : new ItemId(in.text(), in.optionalText());
    }

    private static void writeFolder(BinaryValueWriter out, FolderInfo folder) {
        out.text(folder.id().id())
                .optionalText(folder.id().changeKey())
                .optionalText(folder.name())
                .optionalText(folder.wellKnown());
    }

    private static FolderInfo readFolder(BinaryValueReader in) {
        return new FolderInfo(new FolderId(in.text(), in.optionalText()), in.optionalText(), in.optionalText());
    }

    private static void writeProtocol(BinaryValueWriter out, Protocol protocol) {
        out.optionalText(protocol.subscription().map(SubscriptionId::value))
                .optionalText(protocol.watermark().map(Watermark::value))
                .optionalText(protocol.previous().map(Watermark::value));
    }

    private static Protocol readProtocol(BinaryValueReader in) {
        return new Protocol(
                in.optionalText().map(SubscriptionId::new),
                in.optionalText().map(Watermark::new),
                in.optionalText().map(Watermark::new));
    }

    private static void writeMap(BinaryValueWriter out, Map<?, ?> fields) {
        out.number(fields.size());
        fields.forEach((name, value) -> writeValue(out.text(String.valueOf(name)), value));
    }

    private static Map<String, Object> readMap(BinaryValueReader in) {
        var fields = new LinkedHashMap<String, Object>();
        for (var left = in.count(); left > 0; left--) {
            fields.put(in.text(), readValue(in));
        }
        return fields;
    }

    private static void writeValue(BinaryValueWriter out, Object value) {
        switch (value) {
            case String text -> out.octet(TEXT).text(text);
            case Long number -> out.octet(NUMBER).number(number);
            case Integer number -> out.octet(NUMBER).number(number);
            case Boolean truth -> out.octet(TRUTH).flag(truth);
            case Map<?, ?> map -> writeMap(out.octet(MAP), map);
            default ->
                throw new IllegalArgumentException(
                        "A lifecycle event cannot hold a " + value.getClass().getName() + ".");
        }
    }

    private static Object readValue(BinaryValueReader in) {
        return switch (in.octet()) {
            case TEXT -> in.text();
            case NUMBER -> in.number();
            case TRUTH -> in.flag();
            case MAP -> readMap(in);
            default ->
                throw StoreException.permanent(
                        "The journal holds a value of an unknown form; it is damaged: restore it from a backup.");
        };
    }
}
