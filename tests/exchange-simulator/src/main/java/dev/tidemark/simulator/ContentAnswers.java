package dev.tidemark.simulator;

import dev.tidemark.ews.ItemId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The answers that speak of folders and items.
final class ContentAnswers {
    private ContentAnswers() {}

    static Consumer<Xml> syncFolderItems(EwsCall.SyncFolderItems call, SimulatedMailbox mailbox) {
        var folder = folder(call.folder(), mailbox, "ErrorSyncFolderNotFound");
        var page = mailbox.page(folder, call.state(), call.most());
        var writer = new ItemWriter(call.shape(), mailbox.address().value());
        return SoapWriter.success(call.operation(), xml -> {
            xml.text("m:SyncState", page.state())
                    .text("m:IncludesLastItemInRange", page.last())
                    .open("m:Changes");
            page.changes().forEach(change -> write(xml, change, writer));
            xml.close();
        });
    }

    static List<Consumer<Xml>> getItem(EwsCall.GetItem call, SimulatedMailbox mailbox) {
        var writer = new ItemWriter(call.shape(), mailbox.address().value());
        return call.items().stream()
                .map(id ->
                        mailbox.item(id).map(item -> found(call, writer, item)).orElseGet(() -> missing(call, id)))
                .toList();
    }

    static List<Consumer<Xml>> getFolder(EwsCall.GetFolder call, SimulatedMailbox mailbox) {
        return call.folders().stream().map(name -> folder(call, name, mailbox)).toList();
    }

    /// The folder that a request names, in this mailbox and no other.
    static Folder folder(EwsCall.FolderName name, SimulatedMailbox mailbox, String codeIfMissing) {
        if (name.mailbox().filter(other -> !other.equals(mailbox.address())).isPresent()) {
            throw new EwsRefusal("ErrorAccessDenied", "Access is denied. Check credentials and try again.");
        }
        return mailbox.find(name.folder())
                .orElseThrow(
                        () -> new EwsRefusal(codeIfMissing, "The specified folder could not be found in the store."));
    }

    private static Consumer<Xml> folder(EwsCall.GetFolder call, EwsCall.FolderName name, SimulatedMailbox mailbox) {
        try {
            var folder = folder(name, mailbox, "ErrorFolderNotFound");
            return SoapWriter.success(call.operation(), xml -> write(xml, folder, mailbox));
        } catch (EwsRefusal refusal) {
            return SoapWriter.refusal(call.operation(), refusal);
        }
    }

    private static void write(Xml xml, Folder folder, SimulatedMailbox mailbox) {
        var size = mailbox.size(folder);
        xml.open("m:Folders")
                .open("t:Folder")
                .empty(
                        "t:FolderId",
                        "Id",
                        folder.id().id(),
                        "ChangeKey",
                        folder.id().changeKey().orElse(""))
                .text("t:DisplayName", folder.displayName())
                .text("t:TotalCount", size.total())
                .text("t:ChildFolderCount", 0)
                .text("t:UnreadCount", size.unread())
                .close()
                .close();
    }

    private static Consumer<Xml> found(EwsCall.GetItem call, ItemWriter writer, Item item) {
        return SoapWriter.success(call.operation(), xml -> {
            xml.open("m:Items");
            writer.write(xml, item);
            xml.close();
        });
    }

    private static Consumer<Xml> missing(EwsCall.GetItem call, ItemId id) {
        var malformed = !id.id().startsWith("AAMk");
        var refusal = malformed
                ? new EwsRefusal("ErrorInvalidIdMalformed", "Id is malformed.")
                : new EwsRefusal("ErrorItemNotFound", "The specified object was not found in the store.");
        return SoapWriter.refusal(call.operation(), refusal, xml -> xml.empty("m:Items"));
    }

    private static void write(Xml xml, FolderSync.Change change, ItemWriter writer) {
        switch (change) {
            case FolderSync.Change.Create create -> {
                xml.open("t:Create");
                writer.write(xml, create.item());
            }
            case FolderSync.Change.Update update -> {
                xml.open("t:Update");
                writer.write(xml, update.item());
            }
            case FolderSync.Change.Delete delete ->
                xml.open("t:Delete").empty("t:ItemId", "Id", delete.id().id(), "ChangeKey", key(delete.id()));
            case FolderSync.Change.ReadFlag flag ->
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
