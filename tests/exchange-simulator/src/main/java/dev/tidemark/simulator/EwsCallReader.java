package dev.tidemark.simulator;

import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapFaultException;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Element;

/// Reads the body of a request as strictly as the schema (XSD, messages.xsd): names, namespaces, order and
/// ranges. Any violation is a fault with ErrorSchemaValidation.
final class EwsCallReader {
    private static final Logger log = LoggerFactory.getLogger(EwsCallReader.class);
    private static final int MAX_STREAMED = 200;

    private EwsCallReader() {}

    static SimulatedEwsCall read(Element body) {
        if (!XmlDocumentBuilder.MESSAGES.equals(body.getNamespaceURI())) {
            throw unknown(body);
        }
        try {
            return switch (body.getLocalName()) {
                case "Subscribe" -> subscribe(body);
                case "GetStreamingEvents" -> getStreamingEvents(new ChildElementReader(body));
                case "Unsubscribe" -> unsubscribe(new ChildElementReader(body));
                case "SyncFolderItems" -> syncFolderItems(new ChildElementReader(body));
                case "GetItem" -> getItem(new ChildElementReader(body));
                case "GetFolder" -> FolderRequestReader.getFolder(new ChildElementReader(body));
                case "FindFolder" -> FolderRequestReader.findFolder(body);
                case "SyncFolderHierarchy" -> FolderRequestReader.syncFolderHierarchy(new ChildElementReader(body));
                case "ResolveNames" -> resolveNames(body);
                default -> throw unknown(body);
            };
        } catch (InvalidValueException e) {
            throw SoapFaultException.schema(body, String.valueOf(e.getMessage()));
        } catch (SoapFaultException e) {
            throw e.at(body);
        }
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

    private static SimulatedEwsCall subscribe(Element body) {
        var choice = new ChildElementReader(body);
        var streaming = choice.optional(XmlDocumentBuilder.MESSAGES, "StreamingSubscriptionRequest");
        if (streaming.isPresent()) {
            return subscribeStreaming(streaming.get());
        }
        var request = choice.optional(XmlDocumentBuilder.MESSAGES, "PushSubscriptionRequest")
                .orElseThrow(() -> new SoapFaultException(
                        "ErrorInvalidSubscriptionRequest",
                        "This server offers push and streaming subscriptions only."));
        var parts = new ChildElementReader(request);
        var folders = parts.optional(XmlDocumentBuilder.TYPES, "FolderIds").map(FolderRequestReader::folders);
        requireOne(request, folders.isPresent());
        var kinds = kinds(parts.required(XmlDocumentBuilder.TYPES, "EventTypes"));
        var watermark = parts.optional(XmlDocumentBuilder.TYPES, "Watermark")
                .map(ChildElementReader::text)
                .map(Watermark::new);
        var minutes = integer(parts.required(XmlDocumentBuilder.TYPES, "StatusFrequency"), 1, 1440);
        var url = ChildElementReader.text(parts.required(XmlDocumentBuilder.TYPES, "URL"));
        parts.optional(XmlDocumentBuilder.TYPES, "CallerData");
        parts.end();
        return new SimulatedEwsCall.Subscribe(
                folders.orElse(List.of()), kinds, watermark, Duration.ofMinutes(minutes), url);
    }

    private static void requireOne(Element request, boolean named) {
        if (isTrue(request.getAttribute("SubscribeToAllFolders")) == named) {
            throw new ResponseErrorException(
                    "ErrorInvalidSubscriptionRequest",
                    "A subscription names folders or asks for all of them, and exactly one of the two.");
        }
    }

    private static SimulatedEwsCall subscribeStreaming(Element request) {
        var parts = new ChildElementReader(request);
        var folders = parts.optional(XmlDocumentBuilder.TYPES, "FolderIds").map(FolderRequestReader::folders);
        requireOne(request, folders.isPresent());
        var kinds = kinds(parts.required(XmlDocumentBuilder.TYPES, "EventTypes"));
        parts.end();
        return new SimulatedEwsCall.SubscribeStreaming(folders.orElse(List.of()), kinds);
    }

    private static SimulatedEwsCall getStreamingEvents(ChildElementReader parts) {
        var ids = new ChildElementReader(parts.required(XmlDocumentBuilder.MESSAGES, "SubscriptionIds"))
                .several(XmlDocumentBuilder.TYPES, "SubscriptionId");
        var minutes = integer(parts.required(XmlDocumentBuilder.MESSAGES, "ConnectionTimeout"), 1, 30);
        parts.end();
        if (ids.isEmpty() || ids.size() > MAX_STREAMED) {
            throw SoapFaultException.schema("A stream serves 1 to " + MAX_STREAMED + " subscriptions.");
        }
        return new SimulatedEwsCall.GetStreamingEvents(
                ids.stream().map(ChildElementReader::text).toList(), Duration.ofMinutes(minutes));
    }

    private static SimulatedEwsCall unsubscribe(ChildElementReader parts) {
        var call = new SimulatedEwsCall.Unsubscribe(
                ChildElementReader.text(parts.required(XmlDocumentBuilder.MESSAGES, "SubscriptionId")));
        parts.end();
        return call;
    }

    private static SimulatedEwsCall syncFolderItems(ChildElementReader parts) {
        var shape = shape(parts.required(XmlDocumentBuilder.MESSAGES, "ItemShape"));
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
        return new SimulatedEwsCall.SyncFolderItems(folder.getFirst(), shape, state, limit);
    }

    private static SimulatedEwsCall getItem(ChildElementReader parts) {
        var shape = shape(parts.required(XmlDocumentBuilder.MESSAGES, "ItemShape"));
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

    private static Set<ChangeKind> kinds(Element parent) {
        return new ChildElementReader(parent)
                .several(XmlDocumentBuilder.TYPES, "EventType").stream()
                        .map(ChildElementReader::text)
                        .map(name -> ChangeKind.ofElementName(name)
                                .orElseThrow(() -> SoapFaultException.schema("'" + name + "' is no event type.")))
                        .collect(Collectors.toUnmodifiableSet());
    }

    static SimulatedEwsCall.Shape shape(Element element) {
        var parts = new ChildElementReader(element);
        var base = ChildElementReader.text(parts.required(XmlDocumentBuilder.TYPES, "BaseShape"));
        if (!Set.of("IdOnly", "Default", "AllProperties", "PcxPeopleSearch").contains(base)) {
            throw SoapFaultException.schema("'" + base + "' is no BaseShape.");
        }
        // bodies are not simulated, so their settings do not matter
        var fields = Set.<String>of();
        for (var next = parts.any(); next.isPresent(); next = parts.any()) {
            if (ChildElementReader.is(next.get(), XmlDocumentBuilder.TYPES, "AdditionalProperties")) {
                fields = fields(next.get());
            }
        }
        return new SimulatedEwsCall.Shape(base.equals("IdOnly"), fields);
    }

    private static Set<String> fields(Element parent) {
        var parts = new ChildElementReader(parent);
        return parts.several(XmlDocumentBuilder.TYPES, "FieldURI").stream()
                .map(field -> field.getAttribute("FieldURI"))
                .collect(Collectors.toUnmodifiableSet());
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

    private static boolean isTrue(String value) {
        return value.equals("true") || value.equals("1");
    }
}
