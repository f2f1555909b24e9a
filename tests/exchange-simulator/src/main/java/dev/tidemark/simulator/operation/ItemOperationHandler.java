package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.mailbox.SimulatedItem;
import dev.tidemark.simulator.mailbox.SimulatedItemSync;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.ItemId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Handles the operations on items.
public final class ItemOperationHandler {
    private ItemOperationHandler() {}

    public static Consumer<XmlDocumentBuilder> syncFolderItems(
            SimulatedEwsCall.SyncFolderItems call, SimulatedMailbox mailbox) {
        var folder = FolderOperationHandler.folder(call.folder(), mailbox, "ErrorSyncFolderNotFound");
        var page = mailbox.page(folder, call.state(), call.limit());
        var writer = ItemWriter.listed(call.shape(), mailbox.address().value());
        return SoapWriter.success(call.operation(), xml -> {
            xml.text("m:SyncState", page.state())
                    .text("m:IncludesLastItemInRange", page.last())
                    .open("m:Changes");
            page.changes().forEach(change -> write(xml, change, writer));
            xml.close();
        });
    }

    public static List<Consumer<XmlDocumentBuilder>> getItem(SimulatedEwsCall.GetItem call, SimulatedMailbox mailbox) {
        var writer = ItemWriter.whole(call.shape(), mailbox.address().value());
        return call.items().stream()
                .map(id ->
                        mailbox.item(id).map(item -> found(call, writer, item)).orElseGet(() -> missing(call, id)))
                .toList();
    }

    private static Consumer<XmlDocumentBuilder> found(
            SimulatedEwsCall.GetItem call, ItemWriter writer, SimulatedItem item) {
        return SoapWriter.success(call.operation(), xml -> {
            xml.open("m:Items");
            writer.write(xml, item);
            xml.close();
        });
    }

    private static Consumer<XmlDocumentBuilder> missing(SimulatedEwsCall.GetItem call, ItemId id) {
        var malformed = !id.id().startsWith("AAMk");
        var refusal = malformed
                ? new ResponseErrorException("ErrorInvalidIdMalformed", "Id is malformed.")
                : new ResponseErrorException("ErrorItemNotFound", "The specified object was not found in the store.");
        return SoapWriter.refusal(call.operation(), refusal);
    }

    private static void write(XmlDocumentBuilder xml, SimulatedItemSync.Change change, ItemWriter writer) {
        if (change instanceof SimulatedItemSync.Change.Create create) {
            xml.open("t:Create");
            writer.write(xml, create.item());
        } else if (change instanceof SimulatedItemSync.Change.Update update) {
            xml.open("t:Update");
            writer.write(xml, update.item());
        } else if (change instanceof SimulatedItemSync.Change.Delete delete) {
            xml.open("t:Delete").empty("t:ItemId", "Id", delete.id().id(), "ChangeKey", key(delete.id()));
        } else if (change instanceof SimulatedItemSync.Change.ReadFlag flag) {
            xml.open("t:ReadFlagChange")
                    .empty("t:ItemId", "Id", flag.id().id(), "ChangeKey", key(flag.id()))
                    .text("t:IsRead", flag.read());
        }
        xml.close();
    }

    private static String key(ItemId id) {
        return Optional.of(id).flatMap(ItemId::changeKey).orElse("");
    }
}
