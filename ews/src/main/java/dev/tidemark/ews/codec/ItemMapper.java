package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.ItemSummary;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.CalendarItemDetail;
import dev.tidemark.values.MessageDetail;
import dev.tidemark.values.MessageDetail.Correspondent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Converts an item of the wire to the values that a sync or GetItem reports. Counts and skips an unreadable
/// value. Skips an item without an id. Not thread-safe; used for one response.
final class ItemMapper {
    private final WireValueParser values;

    ItemMapper(SkipTally skips) {
        this.values = new WireValueParser(skips);
    }

    Optional<ItemSummary> summary(WireElement item) {
        return values.itemId(item)
                .map(id -> new ItemSummary(
                        id,
                        values.parentFolder(item),
                        values.time(item.textOf("DateTimeReceived")),
                        values.time(item.textOf("DateTimeCreated")),
                        values.time(item.textOf("LastModifiedTime")),
                        item.textOf("ItemClass"),
                        WireValueParser.truth(item.textOf("IsDraft")).orElse(false)));
    }

    Optional<MessageDetail> detail(WireElement item) {
        return values.itemId(item)
                .map(id -> new MessageDetail(
                        id,
                        item.textOf("ItemClass"),
                        item.textOf("Subject"),
                        item.textOf("InternetMessageId"),
                        item.child("ConversationId").attribute("Id"),
                        correspondent(item, "From"),
                        correspondents(item, "ToRecipients"),
                        correspondents(item, "CcRecipients"),
                        correspondents(item, "ReplyTo"),
                        values.time(item.textOf("DateTimeReceived")),
                        values.time(item.textOf("DateTimeSent")),
                        WireValueParser.truth(item.textOf("HasAttachments")),
                        values.number(item.textOf("Size")).map(OptionalLong::of).orElse(OptionalLong.empty()),
                        item.textOf("Importance"),
                        item.textOf("Sensitivity"),
                        WireValueParser.truth(item.textOf("IsRead")),
                        categories(item),
                        item.textOf("InReplyTo"),
                        item.textOf("Preview"),
                        appointment(item)));
    }

    /// Returns the calendar properties. Only calendar items and messages about them have a start.
    private Optional<CalendarItemDetail> appointment(WireElement item) {
        return item.optionalChild("Start")
                .map(start -> new CalendarItemDetail(
                        values.time(item.textOf("Start")),
                        values.time(item.textOf("End")),
                        WireValueParser.truth(item.textOf("IsAllDayEvent")),
                        correspondent(item, "Organizer"),
                        item.textOf("Location"),
                        item.textOf("UID"),
                        WireValueParser.truth(item.textOf("IsCancelled"))));
    }

    private static Optional<Correspondent> correspondent(WireElement item, String role) {
        return correspondents(item, role).stream().findFirst();
    }

    private static List<Correspondent> correspondents(WireElement item, String role) {
        return item.child(role).children("Mailbox").stream()
                .map(mailbox -> new Correspondent(mailbox.textOf("Name"), mailbox.textOf("EmailAddress")))
                .toList();
    }

    private static List<String> categories(WireElement item) {
        return item.child("Categories").children("String").stream()
                .flatMap(category -> WireValueParser.text(category.text()).stream())
                .toList();
    }
}
