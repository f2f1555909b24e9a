package dev.tidemark.simulator;

import java.util.List;
import java.util.function.Consumer;

/// The answers that speak of folders.
final class FolderAnswers {
    private FolderAnswers() {}

    static List<Consumer<Xml>> getFolder(EwsCall.GetFolder call, SimulatedMailbox mailbox) {
        return call.folders().stream()
                .map(name -> refusable(call, () -> {
                    var listed = new FolderView(mailbox).listed(folder(name, mailbox, "ErrorFolderNotFound"));
                    return SoapWriter.success(call.operation(), xml -> {
                        xml.open("m:Folders");
                        write(xml, listed);
                        xml.close();
                    });
                }))
                .toList();
    }

    static List<Consumer<Xml>> findFolder(EwsCall.FindFolder call, SimulatedMailbox mailbox) {
        return call.parents().stream()
                .map(parent -> refusable(call, () -> found(call, parent, mailbox)))
                .toList();
    }

    private static Consumer<Xml> found(EwsCall.FindFolder call, EwsCall.FolderName parent, SimulatedMailbox mailbox) {
        var all = new FolderView(mailbox).below(folder(parent, mailbox, "ErrorFolderNotFound"), call.deep());
        var from = Math.min(call.offset(), all.size());
        var to = (int) Math.min((long) from + call.most(), all.size());
        return SoapWriter.success(call.operation(), xml -> {
            xml.open(
                    "m:RootFolder",
                    "IndexedPagingOffset",
                    Integer.toString(to),
                    "TotalItemsInView",
                    Integer.toString(all.size()),
                    "IncludesLastItemInRange",
                    Boolean.toString(to == all.size()));
            xml.open("t:Folders");
            all.subList(from, to).forEach(listed -> write(xml, listed));
            xml.close().close();
        });
    }

    static Consumer<Xml> syncFolderHierarchy(EwsCall.SyncFolderHierarchy call, SimulatedMailbox mailbox) {
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

    /// The folder that a request names, in this mailbox and no other.
    static Folder folder(EwsCall.FolderName name, SimulatedMailbox mailbox, String codeIfMissing) {
        if (name.mailbox().filter(other -> !other.equals(mailbox.address())).isPresent()) {
            throw new EwsRefusal("ErrorAccessDenied", "Access is denied. Check credentials and try again.");
        }
        return mailbox.find(name.folder())
                .orElseThrow(
                        () -> new EwsRefusal(codeIfMissing, "The specified folder could not be found in the store."));
    }

    private interface Refusable {
        Consumer<Xml> answer();
    }

    private static Consumer<Xml> refusable(EwsCall call, Refusable step) {
        try {
            return step.answer();
        } catch (EwsRefusal refusal) {
            return SoapWriter.refusal(call.operation(), refusal);
        }
    }

    private static void write(Xml xml, HierarchySync.Change change, SimulatedMailbox mailbox) {
        switch (change) {
            case HierarchySync.Change.Create create -> {
                xml.open("t:Create");
                write(xml, new FolderView(mailbox).listed(create.place()));
            }
            case HierarchySync.Change.Update update -> {
                xml.open("t:Update");
                write(xml, new FolderView(mailbox).listed(update.place()));
            }
            case HierarchySync.Change.Delete delete -> {
                xml.open("t:Delete");
                id(xml, "t:FolderId", delete.folder());
            }
        }
        xml.close();
    }

    /// Elements in the order of the schema (XSD, BaseFolderType); only folders of messages count what is
    /// unread.
    private static void write(Xml xml, FolderView.Listed listed) {
        var place = listed.place();
        var element = element(place.folderClass());
        xml.open(element);
        id(xml, "t:FolderId", place.folder());
        place.parent().ifPresent(parent -> id(xml, "t:ParentFolderId", parent));
        xml.text("t:FolderClass", place.folderClass())
                .text("t:DisplayName", place.displayName())
                .text("t:TotalCount", listed.total())
                .text("t:ChildFolderCount", listed.children());
        if (element.equals("t:Folder")) {
            xml.text("t:UnreadCount", listed.unread());
        }
        xml.close();
    }

    private static String element(String folderClass) {
        return switch (folderClass) {
            case "IPF.Appointment" -> "t:CalendarFolder";
            case "IPF.Contact" -> "t:ContactsFolder";
            case "IPF.Task" -> "t:TasksFolder";
            default -> "t:Folder";
        };
    }

    private static void id(Xml xml, String element, Folder folder) {
        xml.empty(
                element,
                "Id",
                folder.id().id(),
                "ChangeKey",
                folder.id().changeKey().orElse(""));
    }
}
