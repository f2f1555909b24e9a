package dev.tidemark.simulator;

import dev.tidemark.ews.FolderRef;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.MailboxAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.w3c.dom.Element;

/// Reads what a request says of folders, as strictly as the schema is (XSD, messages.xsd).
final class FolderReader {
    private static final int ALL = Integer.MAX_VALUE;

    private FolderReader() {}

    static EwsCall getFolder(Children parts) {
        CallReader.shape(parts.required(Xml.MESSAGES, "FolderShape"));
        var folders = folders(parts.required(Xml.MESSAGES, "FolderIds"));
        parts.end();
        return new EwsCall.GetFolder(folders);
    }

    static EwsCall syncFolderHierarchy(Children parts) {
        CallReader.shape(parts.required(Xml.MESSAGES, "FolderShape"));
        var root = parts.optional(Xml.MESSAGES, "SyncFolderId").map(FolderReader::folders);
        if (root.filter(named -> named.size() != 1).isPresent()) {
            throw EwsFault.schema("The element 'SyncFolderId' names one folder.");
        }
        var state =
                parts.optional(Xml.MESSAGES, "SyncState").map(Children::text).orElse("");
        parts.end();
        return new EwsCall.SyncFolderHierarchy(root.map(List::getFirst), state);
    }

    static EwsCall findFolder(Element body) {
        var traversal = body.getAttribute("Traversal");
        if (!Set.of("Shallow", "Deep").contains(traversal)) {
            throw EwsFault.schema("'" + traversal + "' is no Traversal of this server; write Shallow or Deep.");
        }
        var parts = new Children(body);
        CallReader.shape(parts.required(Xml.MESSAGES, "FolderShape"));
        var view = parts.optional(Xml.MESSAGES, "IndexedPageFolderView");
        var parents = folders(parts.required(Xml.MESSAGES, "ParentFolderIds"));
        parts.end();
        return new EwsCall.FindFolder(
                parents,
                traversal.equals("Deep"),
                view.map(each -> number(each, "Offset", 0)).orElse(0),
                view.map(each -> number(each, "MaxEntriesReturned", ALL)).orElse(ALL));
    }

    private static int number(Element element, String attribute, int otherwise) {
        var text = element.getAttribute(attribute);
        try {
            return text.isEmpty() ? otherwise : Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException noInteger) {
            throw EwsFault.schema("The attribute '" + attribute + "' holds '" + text + "', no integer.");
        }
    }

    static List<EwsCall.FolderName> folders(Element parent) {
        var parts = new Children(parent);
        var names = new ArrayList<EwsCall.FolderName>();
        for (var next = parts.any(); next.isPresent(); next = parts.any()) {
            names.add(folder(next.get()));
        }
        if (names.isEmpty()) {
            throw EwsFault.schema("The element '" + parent.getLocalName() + "' has incomplete content.");
        }
        return names;
    }

    private static EwsCall.FolderName folder(Element element) {
        if (Children.is(element, Xml.TYPES, "FolderId")) {
            var id = new FolderRef.ById(FolderId.of(element.getAttribute("Id")));
            return new EwsCall.FolderName(id, Optional.empty());
        }
        if (!Children.is(element, Xml.TYPES, "DistinguishedFolderId")) {
            throw EwsFault.schema("'" + element.getLocalName() + "' in namespace '" + element.getNamespaceURI()
                    + "' does not name a folder.");
        }
        var mailbox = new Children(element)
                .optional(Xml.TYPES, "Mailbox")
                .map(named -> new Children(named).required(Xml.TYPES, "EmailAddress"))
                .map(address -> new MailboxAddress(Children.text(address)));
        return new EwsCall.FolderName(new FolderRef.Distinguished(element.getAttribute("Id")), mailbox);
    }
}
