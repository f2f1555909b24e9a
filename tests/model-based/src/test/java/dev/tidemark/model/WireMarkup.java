package dev.tidemark.model;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Writes the messages of the model's Exchange. The product's own codec reads them, so damaged entries have an
/// effect.
final class WireMarkup {
    private static final String MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages";
    private static final String TYPES = "http://schemas.microsoft.com/exchange/services/2006/types";

    private WireMarkup() {}

    /// Returns a response of SyncFolderItems.
    static String page(String state, boolean last, List<String> changes) {
        return envelope("<m:SyncFolderItemsResponse xmlns:m=\"" + MESSAGES + "\" xmlns:t=\"" + TYPES
                + "\"><m:ResponseMessages><m:SyncFolderItemsResponseMessage ResponseClass=\"Success\">"
                + "<m:ResponseCode>NoError</m:ResponseCode><m:SyncState>" + state
                + "</m:SyncState><m:IncludesLastItemInRange>" + last + "</m:IncludesLastItemInRange><m:Changes>"
                + String.join("", changes)
                + "</m:Changes></m:SyncFolderItemsResponseMessage></m:ResponseMessages></m:SyncFolderItemsResponse>");
    }

    /// Returns a callback with events.
    static String notification(SubscriptionId id, Watermark previous, boolean more, List<String> events) {
        return callback(
                "Success",
                "<m:ResponseCode>NoError</m:ResponseCode><m:Notification>" + element("SubscriptionId", id.value())
                        + element("PreviousWatermark", previous.value()) + element("MoreEvents", String.valueOf(more))
                        + String.join("", events) + "</m:Notification>");
    }

    /// Returns the notification with a character that XML 1.0 forbids.
    static String withControlCharacter(String notification) {
        return notification.replaceFirst("(?=<m:ResponseCode>)", "<m:MessageText>Fine&#x1F; so far.</m:MessageText>");
    }

    /// Returns a callback that ends a subscription.
    static String failure(SubscriptionId id, String code) {
        return callback(
                "Error",
                "<m:MessageText>It is over.</m:MessageText><m:ResponseCode>" + code
                        + "</m:ResponseCode><m:MessageXml><t:Value Name=\"SubscriptionId\">" + id.value()
                        + "</t:Value></m:MessageXml>");
    }

    /// Returns a SOAP fault by which Exchange asks for a wait.
    static String busy(String milliseconds) {
        return envelope("<s:Fault><faultcode>a:ErrorServerBusy</faultcode><faultstring>Busy.</faultstring><detail>"
                + "<e:ResponseCode xmlns:e=\"http://schemas.microsoft.com/exchange/services/2006/errors\">"
                + "ErrorServerBusy</e:ResponseCode><t:MessageXml xmlns:t=\"" + TYPES
                + "\"><t:Value Name=\"BackOffMilliseconds\">" + milliseconds
                + "</t:Value></t:MessageXml></detail></s:Fault>");
    }

    static String heartbeat(Watermark mark) {
        return "<t:StatusEvent>" + element("Watermark", mark.value()) + "</t:StatusEvent>";
    }

    /// Returns an event of a readable item.
    static String event(ModelMailbox.Change change, Watermark mark) {
        var away = change.old().isPresent();
        return event(
                change.kind().elementName(),
                mark,
                change.stamp(),
                id("ItemId", change.item())
                        + id("ParentFolderId", away ? "archive" : "inbox")
                        + change.old()
                                .map(old -> id("OldItemId", old) + id("OldParentFolderId", "inbox"))
                                .orElse(""));
    }

    /// Returns an event that does not identify its item.
    static String corruptEvent(CorruptItem corruption, Watermark mark, Instant stamp) {
        return switch (corruption) {
            case NO_ID -> event(ChangeKind.NEW_MAIL.elementName(), mark, stamp, id("ParentFolderId", "inbox"));
            case EMPTY_ID -> event(ChangeKind.CREATED.elementName(), mark, stamp, "<t:ItemId/>");
            case UNKNOWN_KIND -> event("VanishedEvent", mark, stamp, id("ItemId", "vanished"));
        };
    }

    private static String event(String kind, Watermark mark, Instant stamp, String ids) {
        return "<t:" + kind + ">" + element("Watermark", mark.value()) + element("TimeStamp", seconds(stamp)) + ids
                + "</t:" + kind + ">";
    }

    /// Returns an entry of a page that does not identify its item.
    static String corruptChange(CorruptItem corruption) {
        return switch (corruption) {
            case NO_ID -> "<t:Create><t:Message><t:ItemClass>IPM.Note</t:ItemClass></t:Message></t:Create>";
            case EMPTY_ID -> "<t:Create><t:Message><t:ItemId ChangeKey=\"AAAA\"/></t:Message></t:Create>";
            case UNKNOWN_KIND -> "<t:Vanish>" + id("ItemId", "vanished") + "</t:Vanish>";
        };
    }

    static String deletion(String item) {
        return "<t:Delete>" + id("ItemId", item) + "</t:Delete>";
    }

    /// Returns a creation or an update of an item; odd items have Exchange's odd markup.
    static String change(String kind, ModelMailbox.Item item) {
        var trailing = item.oddity() == UnusualItem.TRAILING_ELEMENT ? "<t:EndTimeZone Id=\"UTC\"/>" : "";
        return "<t:" + kind + "><t:Message>" + id("ItemId", item.id()) + id("ParentFolderId", "inbox")
                + element("ItemClass", itemClass(item)) + received(item)
                + element("IsDraft", "false")
                + element("DateTimeCreated", seconds(item.created()))
                + element("LastModifiedTime", seconds(item.modified()))
                + "</t:Message>" + trailing + "</t:" + kind + ">";
    }

    private static String received(ModelMailbox.Item item) {
        return item.mail() ? element("DateTimeReceived", seconds(item.created())) : "";
    }

    private static String itemClass(ModelMailbox.Item item) {
        var plain = item.mail() ? "IPM.Note" : "IPM.Post";
        return item.oddity() == UnusualItem.CONTROL_CHARACTER ? plain + ".&#x1;Odd" : plain;
    }

    /// Formats a timestamp in whole seconds, as Exchange does.
    private static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String element(String name, String text) {
        return "<t:" + name + ">" + text + "</t:" + name + ">";
    }

    private static String id(String name, String id) {
        return "<t:" + name + " Id=\"" + id + "\" ChangeKey=\"AQAAAA==\"/>";
    }

    private static String callback(String responseClass, String content) {
        return envelope("<m:SendNotification xmlns:m=\"" + MESSAGES + "\" xmlns:t=\"" + TYPES
                + "\"><m:ResponseMessages><m:SendNotificationResponseMessage ResponseClass=\"" + responseClass + "\">"
                + content + "</m:SendNotificationResponseMessage></m:ResponseMessages></m:SendNotification>");
    }

    private static String envelope(String body) {
        return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>" + body
                + "</s:Body></s:Envelope>";
    }
}
