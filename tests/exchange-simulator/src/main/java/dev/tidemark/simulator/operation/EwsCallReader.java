package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapFaultException;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.ItemId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Element;

/// Reads the body of a request as strictly as the schema (XSD, messages.xsd): names, namespaces, order and
/// ranges. Any violation is a fault with ErrorSchemaValidation.
public final class EwsCallReader {
    private static final Logger log = LoggerFactory.getLogger(EwsCallReader.class);

    private EwsCallReader() {}

    public static SimulatedEwsCall read(Element body) {
        if (!XmlDocumentBuilder.MESSAGES.equals(body.getNamespaceURI())) {
            throw unknown(body);
        }
        try {
            return switch (body.getLocalName()) {
                case "Subscribe" -> SubscriptionRequestReader.subscribe(body);
                case "GetStreamingEvents" -> SubscriptionRequestReader.getStreamingEvents(new ChildElementReader(body));
                case "Unsubscribe" -> SubscriptionRequestReader.unsubscribe(new ChildElementReader(body));
                case "SyncFolderItems" -> syncFolderItems(new ChildElementReader(body));
                case "GetItem" -> getItem(new ChildElementReader(body));
                case "GetFolder" -> FolderRequestReader.getFolder(new ChildElementReader(body));
                case "FindFolder" -> FolderRequestReader.findFolder(body);
                case "SyncFolderHierarchy" -> FolderRequestReader.syncFolderHierarchy(new ChildElementReader(body));
                case "ResolveNames" -> resolveNames(body);
                case "GetEvents" -> SubscriptionRequestReader.getEvents(new ChildElementReader(body));
                case "ExpandDL" -> expandDl(new ChildElementReader(body));
                default -> mailboxCall(body);
            };
        } catch (InvalidValueException e) {
            throw SoapFaultException.schema(body, String.valueOf(e.getMessage()));
        } catch (SoapFaultException e) {
            throw e.at(body);
        }
    }

    private static SimulatedEwsCall mailboxCall(Element body) {
        var name = body.getLocalName();
        if (!MailboxOperations.has(name)) {
            throw unknown(body);
        }
        return new SimulatedEwsCall.MailboxCall(MailboxOperations.operation(name), body);
    }

    private static SimulatedEwsCall expandDl(ChildElementReader parts) {
        var mailbox = new ChildElementReader(parts.required(XmlDocumentBuilder.MESSAGES, "Mailbox"));
        parts.end();
        mailbox.optional(XmlDocumentBuilder.TYPES, "Name");
        return new SimulatedEwsCall.ExpandDL(
                ChildElementReader.text(mailbox.required(XmlDocumentBuilder.TYPES, "EmailAddress")));
    }

    private static SoapFaultException unknown(Element body) {
        log.warn(
                "The simulated Exchange has no operation {} in namespace {}; it answers ErrorInvalidRequest",
                body.getLocalName(),
                body.getNamespaceURI());
        return new SoapFaultException(
                "ErrorInvalidRequest",
                "The request is invalid: '" + body.getLocalName() + "' in namespace '" + body.getNamespaceURI()
                        + "' is no operation of this server.");
    }

    private static SimulatedEwsCall syncFolderItems(ChildElementReader parts) {
        var shape = ResponseShapeReader.shape(parts.required(XmlDocumentBuilder.MESSAGES, "ItemShape"));
        var folder = FolderRequestReader.folders(parts.required(XmlDocumentBuilder.MESSAGES, "SyncFolderId"));
        if (folder.size() != 1) {
            throw SoapFaultException.schema("The element 'SyncFolderId' names one folder.");
        }
        var state = parts.optional(XmlDocumentBuilder.MESSAGES, "SyncState")
                .map(ChildElementReader::text)
                .orElse("");
        parts.optional(XmlDocumentBuilder.MESSAGES, "Ignore");
        var limit = integer(parts.required(XmlDocumentBuilder.MESSAGES, "MaxChangesReturned"), 1, 512);
        parts.optional(XmlDocumentBuilder.MESSAGES, "SyncScope");
        parts.end();
        return new SimulatedEwsCall.SyncFolderItems(folder.get(0), shape, state, limit);
    }

    private static SimulatedEwsCall getItem(ChildElementReader parts) {
        var shape = ResponseShapeReader.shape(parts.required(XmlDocumentBuilder.MESSAGES, "ItemShape"));
        var ids = new ChildElementReader(parts.required(XmlDocumentBuilder.MESSAGES, "ItemIds"))
                .several(XmlDocumentBuilder.TYPES, "ItemId");
        parts.end();
        return new SimulatedEwsCall.GetItem(
                ids.stream().map(id -> ItemId.of(id.getAttribute("Id"))).toList(), shape);
    }

    private static SimulatedEwsCall resolveNames(Element body) {
        if (!body.hasAttribute("ReturnFullContactData")) {
            throw SoapFaultException.schema("The required attribute 'ReturnFullContactData' is missing.");
        }
        var parts = new ChildElementReader(body);
        parts.optional(XmlDocumentBuilder.MESSAGES, "ParentFolderIds");
        var entry = ChildElementReader.text(parts.required(XmlDocumentBuilder.MESSAGES, "UnresolvedEntry"));
        parts.end();
        if (entry.isEmpty()) {
            throw SoapFaultException.schema("The element 'UnresolvedEntry' is empty.");
        }
        return new SimulatedEwsCall.ResolveNames(entry);
    }

    static int integer(Element element, int min, int max) {
        var text = ChildElementReader.text(element);
        try {
            var value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException notInteger) {
            throw SoapFaultException.schema(
                    element, "The element '" + element.getLocalName() + "' holds '" + text + "', no integer.");
        }
        throw SoapFaultException.schema(
                element,
                "The element '" + element.getLocalName() + "' holds " + text + ", but takes " + min + " to " + max
                        + ".");
    }
}
