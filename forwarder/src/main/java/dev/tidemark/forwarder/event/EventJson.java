package dev.tidemark.forwarder.event;

import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.EventData.FolderInfo;
import dev.tidemark.store.model.EventData.Lifecycle;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.EventData.Protocol;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Converts the `data` of events to maps in the order of the contract. Omits unknown values. Thread-safe.
final class EventJson {
    private EventJson() {}

    static Map<String, Object> change(Change change) {
        var data = new LinkedHashMap<String, Object>();
        data.put("mailbox", mailbox(change.mailbox()));
        change.protocol()
                .flatMap(Protocol::subscription)
                .map(SubscriptionId::value)
                .ifPresent(id -> data.put("subscription", Map.of("id", id)));
        data.put("change", kind(change));
        var exposed = change.protocol().isPresent();
        data.put(nameOf(change.target()), object(change.target(), exposed));
        change.parentFolder().ifPresent(folder -> data.put("parentFolder", folder(folder, exposed)));
        change.old().ifPresent(old -> data.put(oldNameOf(old), object(old, exposed)));
        change.oldParentFolder().ifPresent(folder -> data.put("oldParentFolder", folder(folder, exposed)));
        change.unreadCount().ifPresent(count -> data.put("unreadCount", count));
        return data;
    }

    static Map<String, Object> lifecycle(Lifecycle lifecycle) {
        var data = new LinkedHashMap<String, Object>();
        lifecycle.mailbox().ifPresent(mailbox -> data.put("mailbox", mailbox(mailbox)));
        data.putAll(lifecycle.fields());
        return data;
    }

    private static Map<String, Object> mailbox(MailboxRef mailbox) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", mailbox.id().value());
        mailbox.address().ifPresent(address -> json.put("address", address.value()));
        json.put("group", mailbox.group());
        return json;
    }

    private static Map<String, Object> kind(Change change) {
        var json = new LinkedHashMap<String, Object>();
        json.put("kind", change.kind().label());
        put(json, "watermark", change.protocol().flatMap(Protocol::watermark).map(Watermark::value));
        put(
                json,
                "previousWatermark",
                change.protocol().flatMap(Protocol::previous).map(Watermark::value));
        return json;
    }

    private static Map<String, Object> object(ObjectId object, boolean exposed) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", object.id());
        if (exposed) {
            put(json, "changeKey", object.changeKey());
        }
        return json;
    }

    private static Map<String, Object> folder(FolderInfo folder, boolean exposed) {
        var json = object(folder.id(), exposed);
        put(json, "name", folder.name());
        put(json, "wellKnown", folder.wellKnown());
        return json;
    }

    private static void put(Map<String, Object> json, String name, Optional<String> value) {
        value.ifPresent(text -> json.put(name, text));
    }

    private static String nameOf(ObjectId object) {
        return switch (object) {
            case ItemId ignored -> "item";
            case FolderId ignored -> "folder";
        };
    }

    private static String oldNameOf(ObjectId object) {
        return switch (object) {
            case ItemId ignored -> "oldItem";
            case FolderId ignored -> "oldFolder";
        };
    }
}
