package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.mailbox.SimulatedItem;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapFaultException;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.ItemId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/// Reads ids of items, and finds the items and folders that a request names.
final class ItemIdReader {
    private ItemIdReader() {}

    /// Returns the children of an element.
    static List<Element> children(Element parent) {
        var parts = new ChildElementReader(parent);
        return Stream.generate(parts::any)
                .takeWhile(Optional::isPresent)
                .map(Optional::get)
                .toList();
    }

    static List<Element> items(ChildElementReader parts) {
        return children(parts.required(XmlDocumentBuilder.MESSAGES, "ItemIds"));
    }

    static SimulatedItem item(Element id, SimulatedMailbox mailbox) {
        var text = id.getAttribute("Id");
        if (!text.startsWith("AAMk")) {
            throw new ResponseErrorException("ErrorInvalidIdMalformed", "Id is malformed.");
        }
        return mailbox.item(ItemId.of(text))
                .orElseThrow(() -> new ResponseErrorException(
                        "ErrorItemNotFound", "The specified object was not found in the store."));
    }

    /// Returns the id of the folder in an element such as ToFolderId, by which the mailbox finds it.
    static String folder(Element parent, SimulatedMailbox mailbox, String codeIfMissing) {
        var named = FolderRequestReader.folders(parent).get(0);
        return FolderOperationHandler.folder(named, mailbox, codeIfMissing).id().id();
    }

    static String choice(Element request, String attribute, List<String> values) {
        var value = request.getAttribute(attribute);
        if (!values.contains(value)) {
            throw SoapFaultException.schema(
                    request, "The attribute '" + attribute + "' is '" + value + "'; it takes " + values + ".");
        }
        return value;
    }
}
