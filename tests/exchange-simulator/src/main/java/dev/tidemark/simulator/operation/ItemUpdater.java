package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.mailbox.SimulatedItem;
import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapFaultException;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.util.List;
import java.util.function.Consumer;
import org.w3c.dom.Element;

/// Implements UpdateItem.
final class ItemUpdater {
    private static final String OPERATION = "UpdateItem";

    private ItemUpdater() {}

    static List<Consumer<XmlDocumentBuilder>> update(Element request, MailboxScope scope) {
        var resolution = ItemIdReader.choice(
                request, "ConflictResolution", List.of("NeverOverwrite", "AutoResolve", "AlwaysOverwrite"));
        var parts = new ChildElementReader(request);
        parts.optional(XmlDocumentBuilder.MESSAGES, "SavedItemFolderId");
        var changes = ItemIdReader.children(parts.required(XmlDocumentBuilder.MESSAGES, "ItemChanges"));
        parts.end();
        return changes.stream()
                .map(change -> MailboxOperations.refusable(OPERATION, () -> update(change, resolution, scope)))
                .toList();
    }

    private static Consumer<XmlDocumentBuilder> update(Element change, String resolution, MailboxScope scope) {
        var parts = new ChildElementReader(change);
        var id = parts.required(XmlDocumentBuilder.TYPES, "ItemId");
        var item = ItemIdReader.item(id, scope.mailbox());
        if (resolution.equals("NeverOverwrite") && !id.getAttribute("ChangeKey").equals(ItemWriter.changeKey(item))) {
            throw new ResponseErrorException(
                    "ErrorIrresolvableConflict",
                    "The send or update operation could not be performed because the change key passed in the request"
                            + " does not match the current change key for the item.");
        }
        var edit = new ItemEdit(item.content());
        ItemIdReader.children(parts.required(XmlDocumentBuilder.TYPES, "Updates"))
                .forEach(one -> apply(one, edit));
        var changed = save(edit, item, scope);
        return SoapWriter.success(OPERATION, xml -> {
            xml.open("m:Items");
            ItemWriter.idOnly(xml, changed);
            xml.close();
            xml.open("m:ConflictResults").text("t:Count", 0).close();
        });
    }

    private static void apply(Element update, ItemEdit edit) {
        var parts = new ChildElementReader(update);
        var path = parts.any().orElseThrow(() -> SoapFaultException.schema(update, "The update names no property."));
        var key = path.getLocalName().equals("ExtendedFieldURI")
                ? ItemProperties.extendedKey(path)
                : ResponseShapeReader.field(path);
        var index = path.getAttribute("FieldIndex");
        if (update.getLocalName().equals("DeleteItemField")) {
            edit.remove(key, index);
            return;
        }
        var property = parts.any()
                .flatMap(item -> new ChildElementReader(item).any())
                .orElseThrow(() -> SoapFaultException.schema(update, "The update has no value."));
        edit.set(key, index, MarkupSerializer.markup(property));
    }

    /// Saves the changes. A change of the read flag alone changes nothing else.
    private static SimulatedItem save(ItemEdit edit, SimulatedItem item, MailboxScope scope) {
        var mailbox = scope.mailbox();
        edit.read().filter(read -> read != item.read()).ifPresent(read -> mailbox.markRead(item.id(), read));
        return edit.changesContent()
                ? mailbox.update(item.id(), content -> edit.content())
                : mailbox.item(item.id()).orElse(item);
    }
}
