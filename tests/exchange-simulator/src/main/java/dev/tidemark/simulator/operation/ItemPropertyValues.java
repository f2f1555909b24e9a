package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.ExchangeIdGenerator;
import dev.tidemark.simulator.mailbox.SimulatedItem;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Values of an item's properties: as the client wrote them, or as Exchange computes them.
final class ItemPropertyValues {
    private final SimulatedItem item;
    private final SimulatedItem.Content content;
    private final String owner;
    private final String bodyType;

    ItemPropertyValues(SimulatedItem item, String owner, String bodyType) {
        this.item = item;
        this.content = item.content();
        this.owner = owner;
        this.bodyType = bodyType;
    }

    /// Returns the element of a property, if the item has it.
    Optional<String> markup(String name) {
        return switch (name) {
            case "Body" -> Optional.of(ItemBody.of(content).markup(bodyType));
            case "TextBody" -> Optional.of(ItemBody.of(content).textBody());
            case "Preview" -> text(name, ItemBody.of(content).preview());
            case "MimeContent" -> mime();
            default -> state(name).or(() -> stored(name)).or(() -> common(name)).or(() -> ofKind(name));
        };
    }

    /// Returns the text of a property, for comparisons.
    Optional<String> text(String name) {
        return markup(name).map(MarkupSerializer::text);
    }

    private Optional<String> stored(String name) {
        return Optional.ofNullable(content.properties().get(name));
    }

    /// Returns a property that the item's state determines, whatever the client wrote.
    private Optional<String> state(String name) {
        return switch (name) {
            case "ParentFolderId" ->
                write(xml ->
                        xml.empty("t:ParentFolderId", "Id", item.folder().id().id(), "ChangeKey", "AQAAAA=="));
            case "ItemClass" -> text(name, content.itemClass());
            case "Subject" -> text(name, content.subject());
            case "DateTimeReceived", "DateTimeSent" -> text(name, XmlDocumentBuilder.seconds(content.received()));
            case "DateTimeCreated" -> text(name, XmlDocumentBuilder.seconds(content.created()));
            case "LastModifiedTime" -> text(name, XmlDocumentBuilder.seconds(item.modified()));
            case "IsDraft" -> text(name, Boolean.toString(item.draft()));
            case "IsRead" -> isMail() ? text(name, Boolean.toString(item.read())) : Optional.empty();
            case "Size" -> text(name, Integer.toString(4000 + content.subject().length()));
            default -> Optional.empty();
        };
    }

    private Optional<String> common(String name) {
        return switch (name) {
            case "Sensitivity", "Importance" -> text(name, "Normal");
            case "HasAttachments" -> text(name, "false");
            case "ConversationId" ->
                write(xml -> xml.empty(
                        "t:ConversationId",
                        "Id",
                        ExchangeIdGenerator.changeKey(content.subject().hashCode())));
            case "DisplayTo" ->
                stored("ToRecipients").flatMap(to -> text(name, String.join("; ", SimulatedRecipients.of(to))));
            case "DisplayCc" ->
                stored("CcRecipients").flatMap(cc -> text(name, String.join("; ", SimulatedRecipients.of(cc))));
            default -> Optional.empty();
        };
    }

    private Optional<String> ofKind(String name) {
        if (isMail()) {
            return switch (name) {
                case "Sender", "From" -> person(name, content.from());
                case "ToRecipients" -> item.draft() ? Optional.empty() : person(name, owner);
                case "InternetMessageId" -> text(name, content.messageId());
                default -> Optional.empty();
            };
        }
        return isAppointment() ? appointment(name) : Optional.empty();
    }

    private Optional<String> appointment(String name) {
        return switch (name) {
            case "UID" -> text(name, content.messageId());
            case "IsAllDayEvent", "IsMeeting", "IsCancelled", "IsRecurring" -> text(name, "false");
            case "LegacyFreeBusyStatus" -> text(name, "Busy");
            case "CalendarItemType" -> text(name, "Single");
            case "MyResponseType" -> text(name, "Organizer");
            case "Organizer" -> person(name, content.from());
            default -> Optional.empty();
        };
    }

    private boolean isMail() {
        return List.of("Message", "MeetingRequest", "PostItem")
                .contains(ItemProperties.ofClass(content.itemClass()).element());
    }

    private boolean isAppointment() {
        return content.itemClass().startsWith("IPM.Appointment");
    }

    private Optional<String> mime() {
        var plain = "From: " + content.from() + "\r\nTo: "
                + String.join(
                        ", ", SimulatedRecipients.of(stored("ToRecipients").orElse(owner))) + "\r\nSubject: "
                + content.subject() + "\r\nMessage-ID: " + content.messageId()
                + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
                + ItemBody.of(content).text() + "\r\n";
        var encoded = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        return stored("MimeContent")
                .or(() -> write(xml -> xml.text("t:MimeContent", encoded, "CharacterSet", "UTF-8")));
    }

    private static Optional<String> person(String name, String address) {
        return write(xml -> xml.open("t:" + name)
                .open("t:Mailbox")
                .text("t:Name", address)
                .text("t:EmailAddress", address)
                .text("t:RoutingType", "SMTP")
                .close()
                .close());
    }

    private static Optional<String> text(String name, String value) {
        return write(xml -> xml.text("t:" + name, value));
    }

    private static Optional<String> write(Consumer<XmlDocumentBuilder> content) {
        var xml = XmlDocumentBuilder.fragment();
        content.accept(xml);
        return Optional.of(xml.finish());
    }
}
