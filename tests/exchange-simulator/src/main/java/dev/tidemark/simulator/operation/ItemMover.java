package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.SimulatedItem;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.ItemId;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.w3c.dom.Element;

/// Implements MoveItem, CopyItem, DeleteItem and MarkAllItemsAsRead.
final class ItemMover {
    static final List<String> DELETIONS = List.of("HardDelete", "SoftDelete", "MoveToDeletedItems");

    private ItemMover() {}

    static List<Consumer<XmlDocumentBuilder>> move(Element request, MailboxScope scope) {
        return transfer("MoveItem", request, scope, scope.mailbox()::move);
    }

    static List<Consumer<XmlDocumentBuilder>> copy(Element request, MailboxScope scope) {
        return transfer("CopyItem", request, scope, scope.mailbox()::copy);
    }

    private static List<Consumer<XmlDocumentBuilder>> transfer(
            String operation, Element request, MailboxScope scope, BiFunction<ItemId, String, ItemId> transfer) {
        var mailbox = scope.mailbox();
        var parts = new ChildElementReader(request);
        var target = parts.required(XmlDocumentBuilder.MESSAGES, "ToFolderId");
        var items = ItemIdReader.items(parts);
        parts.optional(XmlDocumentBuilder.MESSAGES, "ReturnNewItemIds");
        parts.end();
        return items.stream()
                .map(id -> MailboxOperations.refusable(operation, () -> {
                    var folder = ItemIdReader.folder(target, mailbox, "ErrorToFolderNotFound");
                    var item = transfer.apply(ItemIdReader.item(id, mailbox).id(), folder);
                    return SoapWriter.success(operation, xml -> {
                        xml.open("m:Items");
                        mailbox.item(item).ifPresent(found -> ItemWriter.idOnly(xml, found));
                        xml.close();
                    });
                }))
                .toList();
    }

    static List<Consumer<XmlDocumentBuilder>> delete(Element request, MailboxScope scope) {
        var kind = ItemIdReader.choice(request, "DeleteType", DELETIONS);
        var parts = new ChildElementReader(request);
        var items = ItemIdReader.items(parts);
        parts.end();
        return items.stream()
                .map(id -> MailboxOperations.refusable("DeleteItem", () -> {
                    delete(ItemIdReader.item(id, scope.mailbox()), kind, scope.mailbox());
                    return SoapWriter.success("DeleteItem", xml -> {});
                }))
                .toList();
    }

    /// Deletes an item: for good, into the recoverable items, or into Deleted Items.
    static void delete(SimulatedItem item, String kind, SimulatedMailbox mailbox) {
        switch (kind) {
            case "HardDelete" -> mailbox.delete(item.id());
            case "SoftDelete" -> mailbox.softDelete(item.id());
            default -> mailbox.move(item.id(), "deleteditems");
        }
    }

    static List<Consumer<XmlDocumentBuilder>> markAll(Element request, MailboxScope scope) {
        var mailbox = scope.mailbox();
        var parts = new ChildElementReader(request);
        var read = ChildElementReader.isTrue(
                ChildElementReader.text(parts.required(XmlDocumentBuilder.MESSAGES, "ReadFlag")));
        parts.optional(XmlDocumentBuilder.MESSAGES, "SuppressReadReceipts");
        var folders = FolderRequestReader.folders(parts.required(XmlDocumentBuilder.MESSAGES, "FolderIds"));
        return folders.stream()
                .map(named -> MailboxOperations.refusable("MarkAllItemsAsRead", () -> {
                    var folder = FolderOperationHandler.folder(named, mailbox, "ErrorFolderNotFound");
                    mailbox.itemsIn(folder).stream()
                            .filter(item -> item.read() != read)
                            .forEach(item -> mailbox.markRead(item.id(), read));
                    return SoapWriter.success("MarkAllItemsAsRead", xml -> {});
                }))
                .toList();
    }
}
