package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.FolderView;
import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.mailbox.SimulatedFolder;
import dev.tidemark.simulator.mailbox.SimulatedFolderName;
import dev.tidemark.simulator.mailbox.SimulatedHierarchySync;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.FolderId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Handles the operations on folders.
public final class FolderOperationHandler {
    private static final SimulatedEwsCall.Shape ANY = new SimulatedEwsCall.Shape(false, Set.of(), Set.of(), "Best");

    private FolderOperationHandler() {}

    public static List<Consumer<XmlDocumentBuilder>> getFolder(
            SimulatedEwsCall.GetFolder call, SimulatedMailbox mailbox) {
        return call.folders().stream()
                .map(name -> refusable(call, () -> {
                    var listed = new FolderView(mailbox).listed(folder(name, mailbox, "ErrorFolderNotFound"));
                    return SoapWriter.success(call.operation(), xml -> {
                        xml.open("m:Folders");
                        write(xml, listed, call.shape());
                        xml.close();
                    });
                }))
                .toList();
    }

    public static List<Consumer<XmlDocumentBuilder>> findFolder(
            SimulatedEwsCall.FindFolder call, SimulatedMailbox mailbox) {
        return call.parents().stream()
                .map(parent -> refusable(call, () -> found(call, parent, mailbox)))
                .toList();
    }

    private static Consumer<XmlDocumentBuilder> found(
            SimulatedEwsCall.FindFolder call, SimulatedEwsCall.FolderName parent, SimulatedMailbox mailbox) {
        var all = new FolderView(mailbox)
                .below(folder(parent, mailbox, "ErrorFolderNotFound"), call.deep()).stream()
                        .filter(listed -> call.wanted()
                                .map(wanted -> wanted.matches().test(name -> text(listed, name)))
                                .orElse(true))
                        .toList();
        return SoapWriter.success(call.operation(), xml -> {
            xml.open("m:RootFolder", call.page().attributes(all.size()));
            xml.open("t:Folders");
            call.page().of(all).forEach(listed -> write(xml, listed, call.shape()));
            xml.close().close();
        });
    }

    /// Returns the text of a property, for restrictions.
    private static Optional<String> text(FolderView.Listed listed, String property) {
        return switch (property) {
            case "DisplayName" -> Optional.of(listed.place().displayName());
            case "FolderClass" -> Optional.of(listed.place().folderClass());
            case "TotalCount" -> Optional.of(Integer.toString(listed.total()));
            case "UnreadCount" -> Optional.of(Integer.toString(listed.unread()));
            case "ChildFolderCount" -> Optional.of(Integer.toString(listed.children()));
            default -> Optional.empty();
        };
    }

    public static Consumer<XmlDocumentBuilder> syncFolderHierarchy(
            SimulatedEwsCall.SyncFolderHierarchy call, SimulatedMailbox mailbox) {
        var root = call.root().map(name -> folder(name, mailbox, "ErrorSyncFolderNotFound"));
        var page = new FolderView(mailbox).hierarchy(root, call.state());
        return SoapWriter.success(call.operation(), xml -> {
            xml.text("m:SyncState", page.state())
                    .text("m:IncludesLastFolderInRange", true)
                    .open("m:Changes");
            page.changes().forEach(change -> write(xml, change, mailbox));
            xml.close();
        });
    }

    /// Returns the folder that a request names, which must be in this mailbox.
    public static SimulatedFolder folder(
            SimulatedEwsCall.FolderName name, SimulatedMailbox mailbox, String codeIfMissing) {
        if (name.mailbox().filter(other -> !other.equals(mailbox.address())).isPresent()) {
            throw new ResponseErrorException("ErrorAccessDenied", "Access is denied. Check credentials and try again.");
        }
        return mailbox.find(name.folder())
                .orElseThrow(() -> new ResponseErrorException(
                        codeIfMissing, "The specified folder could not be found in the store."));
    }

    private interface Refusable {
        Consumer<XmlDocumentBuilder> answer();
    }

    private static Consumer<XmlDocumentBuilder> refusable(SimulatedEwsCall call, Refusable step) {
        try {
            return step.answer();
        } catch (ResponseErrorException refusal) {
            return SoapWriter.refusal(call.operation(), refusal);
        }
    }

    private static void write(XmlDocumentBuilder xml, SimulatedHierarchySync.Change change, SimulatedMailbox mailbox) {
        if (change instanceof SimulatedHierarchySync.Change.Create create) {
            xml.open("t:Create");
            write(xml, new FolderView(mailbox).listed(create.place()), ANY);
        } else if (change instanceof SimulatedHierarchySync.Change.Update update) {
            xml.open("t:Update");
            write(xml, new FolderView(mailbox).listed(update.place()), ANY);
        } else if (change instanceof SimulatedHierarchySync.Change.Delete delete) {
            xml.open("t:Delete");
            id(xml, "t:FolderId", delete.folder());
        }
        xml.close();
    }

    /// Writes elements in the order of the schema (XSD, BaseFolderType). Only message folders have an unread
    /// count, and the folders outside of a user's sight have no class.
    private static void write(XmlDocumentBuilder xml, FolderView.Listed listed, SimulatedEwsCall.Shape shape) {
        var place = listed.place();
        var element = element(place.folderClass());
        xml.open(element);
        id(xml, "t:FolderId", place.folder());
        place.parent().ifPresent(parent -> id(xml, "t:ParentFolderId", parent));
        if (!place.folderClass().isEmpty()) {
            xml.text("t:FolderClass", place.folderClass());
        }
        xml.text("t:DisplayName", place.displayName())
                .text("t:TotalCount", listed.total())
                .text("t:ChildFolderCount", listed.children());
        if (shape.names("DistinguishedFolderId") && !place.folder().name().isEmpty()) {
            xml.text("t:DistinguishedFolderId", place.folder().name());
        }
        if (element.equals("t:Folder")) {
            xml.text("t:UnreadCount", listed.unread());
        }
        xml.close();
    }

    /// Writes a folder with its id alone, as the response to a change has it.
    static void idOnly(XmlDocumentBuilder xml, String id, SimulatedMailbox mailbox) {
        mailbox.find(new SimulatedFolderName.ById(FolderId.of(id))).ifPresent(folder -> {
            xml.open(element(new FolderView(mailbox).listed(folder).place().folderClass()));
            id(xml, "t:FolderId", folder);
            xml.close();
        });
    }

    private static String element(String folderClass) {
        return switch (folderClass) {
            case "IPF.Appointment" -> "t:CalendarFolder";
            case "IPF.Contact" -> "t:ContactsFolder";
            case "IPF.Task" -> "t:TasksFolder";
            default -> "t:Folder";
        };
    }

    private static void id(XmlDocumentBuilder xml, String element, SimulatedFolder folder) {
        xml.empty(
                element,
                "Id",
                folder.id().id(),
                "ChangeKey",
                folder.id().changeKey().orElse(""));
    }
}
