package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.ExchangeIdGenerator;
import dev.tidemark.simulator.mailbox.SimulatedItem;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.util.Set;
import java.util.stream.Stream;

/// Writes the properties of an item that a shape requests, in the order of the schema.
final class ItemWriter {
    /// Properties that Exchange leaves out of lists of items.
    private static final Set<String> DETAILS = Set.of(
            "MimeContent",
            "Body",
            "TextBody",
            "UniqueBody",
            "NormalizedBody",
            "Attachments",
            "InternetMessageHeaders",
            "ToRecipients",
            "CcRecipients",
            "BccRecipients",
            "ReplyTo",
            "RequiredAttendees",
            "OptionalAttendees",
            "Resources");

    /// Properties that come only by name: large, or of interest to few clients.
    private static final Set<String> BY_NAME = Set.of("MimeContent", "TextBody", "UniqueBody", "NormalizedBody");

    private final SimulatedEwsCall.Shape shape;
    private final String owner;
    private final boolean detailed;

    private ItemWriter(SimulatedEwsCall.Shape shape, String owner, boolean detailed) {
        this.shape = shape;
        this.owner = owner;
        this.detailed = detailed;
    }

    /// Writes whole items, as GetItem does.
    static ItemWriter whole(SimulatedEwsCall.Shape shape, String owner) {
        return new ItemWriter(shape, owner, true);
    }

    /// Writes items of a list, which lack their bodies and recipients.
    static ItemWriter listed(SimulatedEwsCall.Shape shape, String owner) {
        return new ItemWriter(shape, owner, false);
    }

    void write(XmlDocumentBuilder xml, SimulatedItem item) {
        var element = ItemProperties.ofClass(item.content().itemClass()).element();
        var values = new ItemPropertyValues(item, owner, shape.bodyType());
        xml.open("t:" + element);
        for (var name : ItemProperties.order(element)) {
            switch (name) {
                case "ItemId" -> id(xml, item);
                case "ExtendedProperty" -> extended(xml, item);
                default -> {
                    if (asks(name)) {
                        values.markup(name).ifPresent(xml::raw);
                    }
                }
            }
        }
        xml.close();
    }

    /// Writes the id alone, as the response to a change has it.
    static void idOnly(XmlDocumentBuilder xml, SimulatedItem item) {
        xml.open("t:" + ItemProperties.ofClass(item.content().itemClass()).element());
        id(xml, item);
        xml.close();
    }

    private boolean asks(String name) {
        if (!detailed && DETAILS.contains(name)) {
            return false;
        }
        return BY_NAME.contains(name) ? shape.names(name) : shape.asks(name);
    }

    private void extended(XmlDocumentBuilder xml, SimulatedItem item) {
        shape.extended().stream()
                .sorted()
                .flatMap(key -> Stream.ofNullable(item.content().properties().get(key)))
                .forEach(xml::raw);
    }

    private static void id(XmlDocumentBuilder xml, SimulatedItem item) {
        xml.empty("t:ItemId", "Id", item.id().id(), "ChangeKey", changeKey(item));
    }

    static String changeKey(SimulatedItem item) {
        return ExchangeIdGenerator.changeKey(
                Math.max(item.stamps().changed(), item.stamps().marked()));
    }
}
