package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.ExchangeIdGenerator;
import dev.tidemark.simulator.mailbox.SimulatedItem;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.time.Instant;

/// Writes the properties of an item that a shape requests, in the order of the schema (XSD, ItemType and
/// MessageType).
final class ItemWriter {
    private final SimulatedEwsCall.Shape shape;
    private final String owner;

    ItemWriter(SimulatedEwsCall.Shape shape, String owner) {
        this.shape = shape;
        this.owner = owner;
    }

    void write(XmlDocumentBuilder xml, SimulatedItem item) {
        xml.open("t:" + element(item))
                .empty(
                        "t:ItemId",
                        "Id",
                        item.id().id(),
                        "ChangeKey",
                        ExchangeIdGenerator.changeKey(
                                Math.max(item.stamps().changed(), item.stamps().marked())));
        item(xml, item);
        if (!element(item).equals("Item")) {
            message(xml, item);
        }
        xml.close();
    }

    private void item(XmlDocumentBuilder xml, SimulatedItem item) {
        var content = item.content();
        if (shape.asks("item:ParentFolderId")) {
            xml.empty("t:ParentFolderId", "Id", item.folder().id().id(), "ChangeKey", "AQAAAA==");
        }
        text(xml, "item", "ItemClass", content.itemClass());
        text(xml, "item", "Subject", content.subject());
        text(xml, "item", "Sensitivity", "Normal");
        time(xml, "DateTimeReceived", content.received());
        text(xml, "item", "Size", Integer.toString(4000 + content.subject().length()));
        text(xml, "item", "Importance", "Normal");
        text(xml, "item", "IsDraft", Boolean.toString(item.draft()));
        time(xml, "DateTimeSent", content.received());
        time(xml, "DateTimeCreated", content.created());
        text(xml, "item", "HasAttachments", "false");
        time(xml, "LastModifiedTime", item.modified());
        if (shape.asks("item:ConversationId")) {
            xml.empty(
                    "t:ConversationId",
                    "Id",
                    ExchangeIdGenerator.changeKey(content.subject().hashCode()));
        }
        text(xml, "item", "Preview", "About " + content.subject());
    }

    private void message(XmlDocumentBuilder xml, SimulatedItem item) {
        var content = item.content();
        person(xml, "Sender", content.from());
        person(xml, "ToRecipients", owner);
        person(xml, "From", content.from());
        text(xml, "message", "InternetMessageId", content.messageId());
        text(xml, "message", "IsRead", Boolean.toString(item.read()));
    }

    private void person(XmlDocumentBuilder xml, String element, String address) {
        if (shape.asks("message:" + element)) {
            xml.open("t:" + element)
                    .open("t:Mailbox")
                    .text("t:Name", address)
                    .text("t:EmailAddress", address)
                    .text("t:RoutingType", "SMTP")
                    .close()
                    .close();
        }
    }

    private void time(XmlDocumentBuilder xml, String element, Instant time) {
        text(xml, "item", element, NotificationWriter.seconds(time));
    }

    private void text(XmlDocumentBuilder xml, String group, String element, String value) {
        if (shape.asks(group + ":" + element)) {
            xml.text("t:" + element, value);
        }
    }

    /// Returns the element name: a message for mail and reports, a meeting request for its own class, an item
    /// for the rest.
    private static String element(SimulatedItem item) {
        var itemClass = item.content().itemClass();
        if (itemClass.startsWith("IPM.Schedule.Meeting.Request")) {
            return "MeetingRequest";
        }
        return itemClass.startsWith("IPM.Note") || itemClass.startsWith("REPORT.") ? "Message" : "Item";
    }
}
