package dev.tidemark.ews;

import dev.tidemark.ews.MessageDetail.Correspondent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Turns an item of the wire into what a synchronisation or GetItem tells of it.
final class ItemMapping {
    private ItemMapping() {}

    static ItemSummary summary(Wire.Item item) {
        return new ItemSummary(
                WireValues.itemId(item.itemId()),
                Optional.ofNullable(item.parentFolderId()).map(WireValues::folderId),
                WireValues.time(item.dateTimeReceived()),
                WireValues.time(item.dateTimeCreated()),
                WireValues.time(item.lastModifiedTime()),
                WireValues.text(item.itemClass()),
                WireValues.truth(item.isDraft()).orElse(false));
    }

    static MessageDetail detail(Wire.Item item) {
        return new MessageDetail(
                WireValues.itemId(item.itemId()),
                WireValues.text(item.itemClass()),
                WireValues.text(item.subject()),
                WireValues.text(item.internetMessageId()),
                Optional.ofNullable(item.conversationId()).flatMap(id -> WireValues.text(id.id())),
                correspondents(item.from()).stream().findFirst(),
                correspondents(item.toRecipients()),
                correspondents(item.ccRecipients()),
                correspondents(item.replyTo()),
                WireValues.time(item.dateTimeReceived()),
                WireValues.time(item.dateTimeSent()),
                WireValues.truth(item.hasAttachments()),
                WireValues.number(item.size()).map(OptionalLong::of).orElse(OptionalLong.empty()),
                WireValues.text(item.importance()),
                WireValues.text(item.sensitivity()),
                WireValues.truth(item.isRead()),
                categories(item.categories()),
                WireValues.text(item.inReplyTo()),
                WireValues.text(item.preview()),
                appointment(item));
    }

    /// Only calendar items and messages about them have a start.
    private static Optional<Appointment> appointment(Wire.Item item) {
        if (item.start() == null) {
            return Optional.empty();
        }
        return Optional.of(new Appointment(
                WireValues.time(item.start()),
                WireValues.time(item.end()),
                WireValues.truth(item.isAllDayEvent()),
                correspondents(item.organizer()).stream().findFirst(),
                WireValues.text(item.location()),
                WireValues.text(item.uid()),
                WireValues.truth(item.isCancelled())));
    }

    private static List<Correspondent> correspondents(Wire.@Nullable Recipients recipients) {
        if (recipients == null || recipients.mailbox() == null) {
            return List.of();
        }
        return recipients.mailbox().stream()
                .map(mailbox ->
                        new Correspondent(WireValues.text(mailbox.name()), WireValues.text(mailbox.emailAddress())))
                .toList();
    }

    private static List<String> categories(Wire.@Nullable Strings strings) {
        if (strings == null || strings.string() == null) {
            return List.of();
        }
        return strings.string().stream()
                .flatMap(text -> WireValues.text(text).stream())
                .toList();
    }
}
