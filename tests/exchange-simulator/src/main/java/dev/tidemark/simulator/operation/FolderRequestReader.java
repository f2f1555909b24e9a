package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.SimulatedFolderName;
import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapFaultException;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.MailboxAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.w3c.dom.Element;

/// Reads the folder parts of a request as strictly as the schema (XSD, messages.xsd).
final class FolderRequestReader {
    private FolderRequestReader() {}

    static SimulatedEwsCall getFolder(ChildElementReader parts) {
        var shape = ResponseShapeReader.shape(parts.required(XmlDocumentBuilder.MESSAGES, "FolderShape"));
        var folders = folders(parts.required(XmlDocumentBuilder.MESSAGES, "FolderIds"));
        parts.end();
        return new SimulatedEwsCall.GetFolder(folders, shape);
    }

    static SimulatedEwsCall syncFolderHierarchy(ChildElementReader parts) {
        ResponseShapeReader.shape(parts.required(XmlDocumentBuilder.MESSAGES, "FolderShape"));
        var root = parts.optional(XmlDocumentBuilder.MESSAGES, "SyncFolderId").map(FolderRequestReader::folders);
        if (root.filter(named -> named.size() != 1).isPresent()) {
            throw SoapFaultException.schema("The element 'SyncFolderId' names one folder.");
        }
        var state = parts.optional(XmlDocumentBuilder.MESSAGES, "SyncState")
                .map(ChildElementReader::text)
                .orElse("");
        parts.end();
        return new SimulatedEwsCall.SyncFolderHierarchy(root.map(named -> named.get(0)), state);
    }

    static SimulatedEwsCall findFolder(Element body) {
        var traversal = body.getAttribute("Traversal");
        if (!Set.of("Shallow", "Deep").contains(traversal)) {
            throw SoapFaultException.schema(
                    "'" + traversal + "' is no Traversal of this server; write Shallow or Deep.");
        }
        var parts = new ChildElementReader(body);
        var shape = ResponseShapeReader.shape(parts.required(XmlDocumentBuilder.MESSAGES, "FolderShape"));
        var page = parts.optional(XmlDocumentBuilder.MESSAGES, "IndexedPageFolderView")
                .or(() -> parts.optional(XmlDocumentBuilder.MESSAGES, "FractionalPageFolderView"))
                .map(FoundPage::read)
                .orElse(FoundPage.ALL);
        var wanted = parts.optional(XmlDocumentBuilder.MESSAGES, "Restriction").map(SearchRestriction::read);
        var parents = folders(parts.required(XmlDocumentBuilder.MESSAGES, "ParentFolderIds"));
        parts.end();
        return new SimulatedEwsCall.FindFolder(parents, traversal.equals("Deep"), page, wanted, shape);
    }

    static List<SimulatedEwsCall.FolderName> folders(Element parent) {
        var parts = new ChildElementReader(parent);
        var names = new ArrayList<SimulatedEwsCall.FolderName>();
        for (var next = parts.any(); next.isPresent(); next = parts.any()) {
            names.add(folder(next.get()));
        }
        if (names.isEmpty()) {
            throw SoapFaultException.schema("The element '" + parent.getLocalName() + "' has incomplete content.");
        }
        return names;
    }

    static SimulatedEwsCall.FolderName folder(Element element) {
        if (ChildElementReader.is(element, XmlDocumentBuilder.TYPES, "FolderId")) {
            var id = new SimulatedFolderName.ById(FolderId.of(element.getAttribute("Id")));
            return new SimulatedEwsCall.FolderName(id, Optional.empty());
        }
        if (!ChildElementReader.is(element, XmlDocumentBuilder.TYPES, "DistinguishedFolderId")) {
            throw SoapFaultException.schema("'" + element.getLocalName() + "' in namespace '"
                    + element.getNamespaceURI() + "' does not name a folder.");
        }
        var mailbox = new ChildElementReader(element)
                .optional(XmlDocumentBuilder.TYPES, "Mailbox")
                .map(named -> new ChildElementReader(named).required(XmlDocumentBuilder.TYPES, "EmailAddress"))
                .map(address -> new MailboxAddress(ChildElementReader.text(address)));
        return new SimulatedEwsCall.FolderName(
                new SimulatedFolderName.Distinguished(element.getAttribute("Id")), mailbox);
    }
}
