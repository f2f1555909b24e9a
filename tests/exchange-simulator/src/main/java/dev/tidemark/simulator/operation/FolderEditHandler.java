package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.FolderView;
import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.mailbox.SimulatedFolder;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapFaultException;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.w3c.dom.Element;

/// Implements the operations that change folders.
final class FolderEditHandler {
    private FolderEditHandler() {}

    static List<Consumer<XmlDocumentBuilder>> create(Element request, MailboxScope scope) {
        var mailbox = scope.mailbox();
        var parts = new ChildElementReader(request);
        var parent = parts.required(XmlDocumentBuilder.MESSAGES, "ParentFolderId");
        var folders = ItemIdReader.children(parts.required(XmlDocumentBuilder.MESSAGES, "Folders"));
        parts.end();
        return folders.stream()
                .map(folder -> MailboxOperations.refusable("CreateFolder", () -> {
                    var below = named(FolderRequestReader.folders(parent).get(0), mailbox, "ErrorParentFolderNotFound");
                    var name = text(folder, "DisplayName");
                    requireFree(below, name, mailbox);
                    var given = text(folder, "FolderClass");
                    var id = mailbox.folders()
                            .create(below.id().id(), name, given.isEmpty() ? folderClass(folder) : given);
                    return changed("CreateFolder", id.id(), mailbox);
                }))
                .toList();
    }

    private static String folderClass(Element folder) {
        return switch (folder.getLocalName()) {
            case "CalendarFolder" -> "IPF.Appointment";
            case "ContactsFolder" -> "IPF.Contact";
            case "TasksFolder" -> "IPF.Task";
            default -> "IPF.Note";
        };
    }

    static List<Consumer<XmlDocumentBuilder>> update(Element request, MailboxScope scope) {
        var parts = new ChildElementReader(request);
        var changes = ItemIdReader.children(parts.required(XmlDocumentBuilder.MESSAGES, "FolderChanges"));
        parts.end();
        return changes.stream()
                .map(change -> MailboxOperations.refusable("UpdateFolder", () -> {
                    var id = new ChildElementReader(change)
                            .any()
                            .orElseThrow(() -> SoapFaultException.schema(change, "The change names no folder."));
                    var folder = named(FolderRequestReader.folder(id), scope.mailbox(), "ErrorFolderNotFound");
                    var name = text(change, "DisplayName");
                    if (!name.isEmpty()) {
                        scope.mailbox().folders().rename(folder.id(), name);
                    }
                    return changed("UpdateFolder", folder.id().id(), scope.mailbox());
                }))
                .toList();
    }

    static List<Consumer<XmlDocumentBuilder>> move(Element request, MailboxScope scope) {
        var mailbox = scope.mailbox();
        var parts = new ChildElementReader(request);
        var target = parts.required(XmlDocumentBuilder.MESSAGES, "ToFolderId");
        var folders = FolderRequestReader.folders(parts.required(XmlDocumentBuilder.MESSAGES, "FolderIds"));
        parts.end();
        return each("MoveFolder", folders, mailbox, folder -> {
            refuseDistinguished(folder, "ErrorMoveDistinguishedFolder");
            mailbox.folders().move(folder.id(), ItemIdReader.folder(target, mailbox, "ErrorToFolderNotFound"));
            return changed("MoveFolder", folder.id().id(), mailbox);
        });
    }

    static List<Consumer<XmlDocumentBuilder>> delete(Element request, MailboxScope scope) {
        var mailbox = scope.mailbox();
        var kind = ItemIdReader.choice(request, "DeleteType", ItemMover.DELETIONS);
        return each("DeleteFolder", folders(request), mailbox, folder -> {
            refuseDistinguished(folder, "ErrorDeleteDistinguishedFolder");
            if (kind.equals("MoveToDeletedItems")) {
                mailbox.folders().move(folder.id(), "deleteditems");
            } else {
                mailbox.folders().delete(folder.id());
            }
            return SoapWriter.success("DeleteFolder", xml -> {});
        });
    }

    static List<Consumer<XmlDocumentBuilder>> empty(Element request, MailboxScope scope) {
        var mailbox = scope.mailbox();
        var kind = ItemIdReader.choice(request, "DeleteType", ItemMover.DELETIONS);
        var deep = ChildElementReader.isTrue(request, "DeleteSubFolders");
        return each("EmptyFolder", folders(request), mailbox, folder -> {
            mailbox.itemsIn(folder).forEach(item -> ItemMover.delete(item, kind, mailbox));
            if (deep) {
                new FolderView(mailbox)
                        .below(folder, false)
                        .forEach(below ->
                                mailbox.folders().delete(below.place().folder().id()));
            }
            return SoapWriter.success("EmptyFolder", xml -> {});
        });
    }

    private static List<SimulatedEwsCall.FolderName> folders(Element request) {
        var parts = new ChildElementReader(request);
        var folders = FolderRequestReader.folders(parts.required(XmlDocumentBuilder.MESSAGES, "FolderIds"));
        parts.end();
        return folders;
    }

    private static List<Consumer<XmlDocumentBuilder>> each(
            String operation,
            List<SimulatedEwsCall.FolderName> folders,
            SimulatedMailbox mailbox,
            Function<SimulatedFolder, Consumer<XmlDocumentBuilder>> work) {
        return folders.stream()
                .map(name -> MailboxOperations.refusable(
                        operation, () -> work.apply(named(name, mailbox, "ErrorFolderNotFound"))))
                .toList();
    }

    private static SimulatedFolder named(
            SimulatedEwsCall.FolderName name, SimulatedMailbox mailbox, String codeIfMissing) {
        return FolderOperationHandler.folder(name, mailbox, codeIfMissing);
    }

    private static void refuseDistinguished(SimulatedFolder folder, String code) {
        if (!folder.name().isEmpty()) {
            throw new ResponseErrorException(code, "The folder " + folder.name() + " cannot be moved or deleted.");
        }
    }

    private static void requireFree(SimulatedFolder parent, String name, SimulatedMailbox mailbox) {
        if (new FolderView(mailbox)
                .below(parent, false).stream()
                        .anyMatch(below -> below.place().displayName().equalsIgnoreCase(name))) {
            throw new ResponseErrorException("ErrorFolderExists", "A folder with the specified name already exists.");
        }
    }

    private static String text(Element parent, String name) {
        var found = parent.getElementsByTagNameNS(XmlDocumentBuilder.TYPES, name);
        return found.item(0) instanceof Element element ? ChildElementReader.text(element) : "";
    }

    private static Consumer<XmlDocumentBuilder> changed(String operation, String id, SimulatedMailbox mailbox) {
        return SoapWriter.success(operation, xml -> {
            xml.open("m:Folders");
            FolderOperationHandler.idOnly(xml, id, mailbox);
            xml.close();
        });
    }
}
