package dev.tidemark.forwarder.event;

import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.values.CalendarItemDetail;
import dev.tidemark.values.MessageDetail;
import dev.tidemark.values.MessageDetail.Correspondent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Adds the message details of an item (`detail: message`) to the `data` of an event. Omits properties that the
/// item does not have. Thread-safe.
final class DetailJson {
    private DetailJson() {}

    static void add(Map<String, Object> data, ItemDetail detail) {
        switch (detail) {
            case ItemDetail.Found found -> data.put("message", message(found.message()));
            case ItemDetail.NotFound ignored -> data.put("detail", "not-found");
            case ItemDetail.Unavailable ignored -> data.put("detail", "unavailable");
        }
    }

    private static Map<String, Object> message(MessageDetail message) {
        var json = new LinkedHashMap<String, Object>();
        put(json, "internetMessageId", message.internetMessageId());
        put(json, "conversationId", message.conversationId());
        put(json, "receivedAt", message.receivedAt().map(Instant::toString));
        put(json, "sentAt", message.sentAt().map(Instant::toString));
        put(json, "subject", message.subject());
        put(json, "from", message.from().map(DetailJson::correspondent));
        putAll(json, "to", message.to());
        putAll(json, "cc", message.cc());
        putAll(json, "replyTo", message.replyTo());
        put(json, "hasAttachments", message.hasAttachments());
        message.size().ifPresent(size -> json.put("size", size));
        put(json, "importance", message.importance());
        put(json, "sensitivity", message.sensitivity());
        put(json, "isRead", message.isRead());
        put(json, "itemClass", message.itemClass());
        if (!message.categories().isEmpty()) {
            json.put("categories", message.categories());
        }
        put(json, "inReplyTo", message.inReplyTo());
        put(json, "preview", message.preview());
        message.appointment().ifPresent(appointment -> appointment(json, appointment));
        return json;
    }

    private static void appointment(Map<String, Object> json, CalendarItemDetail appointment) {
        put(json, "start", appointment.start().map(Instant::toString));
        put(json, "end", appointment.end().map(Instant::toString));
        put(json, "isAllDay", appointment.allDay());
        put(json, "organizer", appointment.organizer().map(DetailJson::correspondent));
        put(json, "location", appointment.location());
        put(json, "iCalUid", appointment.iCalUid());
        put(json, "isCancelled", appointment.cancelled());
    }

    private static Map<String, Object> correspondent(Correspondent correspondent) {
        var json = new LinkedHashMap<String, Object>();
        put(json, "name", correspondent.name());
        put(json, "address", correspondent.address());
        return json;
    }

    private static void putAll(Map<String, Object> json, String name, List<Correspondent> correspondents) {
        if (!correspondents.isEmpty()) {
            json.put(
                    name, correspondents.stream().map(DetailJson::correspondent).toList());
        }
    }

    private static void put(Map<String, Object> json, String name, Optional<?> value) {
        value.ifPresent(there -> json.put(name, there));
    }
}
