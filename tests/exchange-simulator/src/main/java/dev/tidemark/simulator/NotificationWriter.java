package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.EventRange;
import dev.tidemark.simulator.mailbox.LoggedEvent;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.Watermark;
import java.util.Optional;

/// Writes callbacks as captures show them: prefix `soap11` and RequestServerVersion in the header. The
/// subscription id and watermarks are in the types namespace, and change keys are stubs.
final class NotificationWriter {
    private NotificationWriter() {}

    /// Content of a notification: events, or a heartbeat if the range has none.
    record Content(String subscription, SimulatedMailbox mailbox, Watermark previous, EventRange range) {
        void write(XmlDocumentBuilder xml) {
            write(xml, mailbox.watermark(range.end()));
        }

        void write(XmlDocumentBuilder xml, Watermark end) {
            xml.open("m:Notification")
                    .text("t:SubscriptionId", subscription)
                    .text("t:PreviousWatermark", previous.value())
                    .text("t:MoreEvents", range.more());
            for (var event : range.events()) {
                NotificationWriter.write(xml, event, Optional.of(mailbox.watermark(event.counter())));
            }
            if (range.events().isEmpty()) {
                xml.open("t:StatusEvent").text("t:Watermark", end.value()).close();
            }
            xml.close();
        }
    }

    /// Writes events, or a heartbeat if the range has none.
    static String write(PushSubscription subscription, Watermark previous, Watermark end, EventRange stretch) {
        var xml = message(subscription, "Success").text("m:ResponseCode", "NoError");
        new Content(subscription.id().value(), subscription.mailbox(), previous, stretch).write(xml, end);
        return xml.finish();
    }

    /// Writes an error callback. Against the schema, it has no Notification and names the subscription in
    /// MessageXml.
    static String error(PushSubscription subscription, String code, String text) {
        return message(subscription, "Error")
                .text("m:MessageText", text)
                .text("m:ResponseCode", code)
                .text("m:DescriptiveLinkKey", 0)
                .open("m:MessageXml")
                .text("t:Value", subscription.id().value(), "Name", "SubscriptionId")
                .finish();
    }

    private static XmlDocumentBuilder message(PushSubscription subscription, String responseClass) {
        return new XmlDocumentBuilder()
                .open("soap11:Envelope", "xmlns:soap11", XmlDocumentBuilder.SOAP)
                .open("soap11:Header")
                .empty("t:RequestServerVersion", "xmlns:t", XmlDocumentBuilder.TYPES, "Version", subscription.version())
                .close()
                .open("soap11:Body")
                .open("m:SendNotification", "xmlns:t", XmlDocumentBuilder.TYPES, "xmlns:m", XmlDocumentBuilder.MESSAGES)
                .open("m:ResponseMessages")
                .open("m:SendNotificationResponseMessage", "ResponseClass", responseClass);
    }

    /// Writes an event of a stream, which has no watermarks.
    static void streamed(XmlDocumentBuilder xml, LoggedEvent event) {
        write(xml, event, Optional.empty());
    }

    private static void write(XmlDocumentBuilder xml, LoggedEvent event, Optional<Watermark> watermark) {
        var change = event.change();
        xml.open("t:" + change.kind().elementName());
        watermark.ifPresent(mark -> xml.text("t:Watermark", mark.value()));
        xml.time("t:TimeStamp", event.time());
        object(xml, "", change.target());
        xml.empty("t:ParentFolderId", "Id", change.parent().id(), "ChangeKey", "AQAAAA==");
        change.old().ifPresent(old -> object(xml, "Old", old));
        change.oldParent().ifPresent(old -> xml.empty("t:OldParentFolderId", "Id", old.id(), "ChangeKey", "AQAAAA=="));
        change.unread().ifPresent(unread -> xml.text("t:UnreadCount", unread));
        xml.close();
    }

    private static void object(XmlDocumentBuilder xml, String prefix, ObjectId object) {
        var item = object instanceof ItemId;
        xml.empty(
                "t:" + prefix + (item ? "ItemId" : "FolderId"),
                "Id",
                object.id(),
                "ChangeKey",
                item ? "CQAAAA==" : "AQAAAA==");
    }
}
