package dev.tidemark.values;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Properties of an item from GetItem. `appointment` is present if the item has a place in the calendar.
public record MessageDetail(
        ItemId id,
        Optional<String> itemClass,
        Optional<String> subject,
        Optional<String> internetMessageId,
        Optional<String> conversationId,
        Optional<Correspondent> from,
        List<Correspondent> to,
        List<Correspondent> cc,
        List<Correspondent> replyTo,
        Optional<Instant> receivedAt,
        Optional<Instant> sentAt,
        Optional<Boolean> hasAttachments,
        OptionalLong size,
        Optional<String> importance,
        Optional<String> sensitivity,
        Optional<Boolean> isRead,
        List<String> categories,
        Optional<String> inReplyTo,
        Optional<String> preview,
        Optional<CalendarItemDetail> appointment) {
    public MessageDetail {
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        replyTo = List.copyOf(replyTo);
        categories = List.copyOf(categories);
    }

    /// Sender or recipient.
    public record Correspondent(Optional<String> name, Optional<String> address) {}
}
