package dev.tidemark.simulator;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.w3c.dom.Element;

/// Reads the body of a request as strictly as the schema is (XSD, messages.xsd): names, namespaces, order and
/// ranges. What does not fit is a fault with ErrorSchemaValidation.
final class CallReader {
    private static final int MOST_STREAMED = 200;

    private CallReader() {}

    static EwsCall read(Element body) {
        if (!Xml.MESSAGES.equals(body.getNamespaceURI())) {
            throw unknown(body);
        }
        try {
            return switch (body.getLocalName()) {
                case "Subscribe" -> subscribe(body);
                case "GetStreamingEvents" -> getStreamingEvents(new Children(body));
                case "Unsubscribe" -> unsubscribe(new Children(body));
                case "SyncFolderItems" -> syncFolderItems(new Children(body));
                case "GetItem" -> getItem(new Children(body));
                case "GetFolder" -> FolderReader.getFolder(new Children(body));
                case "FindFolder" -> FolderReader.findFolder(body);
                case "SyncFolderHierarchy" -> FolderReader.syncFolderHierarchy(new Children(body));
                case "ResolveNames" -> resolveNames(body);
                default -> throw unknown(body);
            };
        } catch (InvalidValueException e) {
            throw EwsFault.schema(String.valueOf(e.getMessage()));
        }
    }

    private static EwsFault unknown(Element body) {
        return new EwsFault(
                "ErrorInvalidRequest",
                "The request is invalid: '" + body.getLocalName() + "' in namespace '" + body.getNamespaceURI()
                        + "' is no operation of this server.");
    }

    private static EwsCall subscribe(Element body) {
        var choice = new Children(body);
        var streaming = choice.optional(Xml.MESSAGES, "StreamingSubscriptionRequest");
        if (streaming.isPresent()) {
            return subscribeStreaming(streaming.get());
        }
        var request = choice.optional(Xml.MESSAGES, "PushSubscriptionRequest")
                .orElseThrow(() -> new EwsFault(
                        "ErrorInvalidSubscriptionRequest",
                        "This server offers push and streaming subscriptions only."));
        var parts = new Children(request);
        var folders = parts.optional(Xml.TYPES, "FolderIds").map(FolderReader::folders);
        requireOne(request, folders.isPresent());
        var kinds = kinds(parts.required(Xml.TYPES, "EventTypes"));
        var watermark =
                parts.optional(Xml.TYPES, "Watermark").map(Children::text).map(Watermark::new);
        var minutes = integer(parts.required(Xml.TYPES, "StatusFrequency"), 1, 1440);
        var url = Children.text(parts.required(Xml.TYPES, "URL"));
        parts.optional(Xml.TYPES, "CallerData");
        parts.end();
        return new EwsCall.Subscribe(folders.orElse(List.of()), kinds, watermark, Duration.ofMinutes(minutes), url);
    }

    private static void requireOne(Element request, boolean named) {
        if (isTrue(request.getAttribute("SubscribeToAllFolders")) == named) {
            throw new EwsRefusal(
                    "ErrorInvalidSubscriptionRequest",
                    "A subscription names folders or asks for all of them, and exactly one of the two.");
        }
    }

    private static EwsCall subscribeStreaming(Element request) {
        var parts = new Children(request);
        var folders = parts.optional(Xml.TYPES, "FolderIds").map(FolderReader::folders);
        requireOne(request, folders.isPresent());
        var kinds = kinds(parts.required(Xml.TYPES, "EventTypes"));
        parts.end();
        return new EwsCall.SubscribeStreaming(folders.orElse(List.of()), kinds);
    }

    private static EwsCall getStreamingEvents(Children parts) {
        var ids = new Children(parts.required(Xml.MESSAGES, "SubscriptionIds")).several(Xml.TYPES, "SubscriptionId");
        var minutes = integer(parts.required(Xml.MESSAGES, "ConnectionTimeout"), 1, 30);
        parts.end();
        if (ids.isEmpty() || ids.size() > MOST_STREAMED) {
            throw EwsFault.schema("A stream serves 1 to " + MOST_STREAMED + " subscriptions.");
        }
        return new EwsCall.GetStreamingEvents(ids.stream().map(Children::text).toList(), Duration.ofMinutes(minutes));
    }

    private static EwsCall unsubscribe(Children parts) {
        var call = new EwsCall.Unsubscribe(Children.text(parts.required(Xml.MESSAGES, "SubscriptionId")));
        parts.end();
        return call;
    }

    private static EwsCall syncFolderItems(Children parts) {
        var shape = shape(parts.required(Xml.MESSAGES, "ItemShape"));
        var folder = FolderReader.folders(parts.required(Xml.MESSAGES, "SyncFolderId"));
        if (folder.size() != 1) {
            throw EwsFault.schema("The element 'SyncFolderId' names one folder.");
        }
        var state =
                parts.optional(Xml.MESSAGES, "SyncState").map(Children::text).orElse("");
        parts.optional(Xml.MESSAGES, "Ignore");
        var most = integer(parts.required(Xml.MESSAGES, "MaxChangesReturned"), 1, 512);
        parts.optional(Xml.MESSAGES, "SyncScope");
        parts.end();
        return new EwsCall.SyncFolderItems(folder.getFirst(), shape, state, most);
    }

    private static EwsCall getItem(Children parts) {
        var shape = shape(parts.required(Xml.MESSAGES, "ItemShape"));
        var ids = new Children(parts.required(Xml.MESSAGES, "ItemIds")).several(Xml.TYPES, "ItemId");
        parts.end();
        return new EwsCall.GetItem(
                ids.stream().map(id -> ItemId.of(id.getAttribute("Id"))).toList(), shape);
    }

    private static EwsCall resolveNames(Element body) {
        if (!body.hasAttribute("ReturnFullContactData")) {
            throw EwsFault.schema("The required attribute 'ReturnFullContactData' is missing.");
        }
        var parts = new Children(body);
        parts.optional(Xml.MESSAGES, "ParentFolderIds");
        var entry = Children.text(parts.required(Xml.MESSAGES, "UnresolvedEntry"));
        parts.end();
        if (entry.isEmpty()) {
            throw EwsFault.schema("The element 'UnresolvedEntry' is empty.");
        }
        return new EwsCall.ResolveNames(entry);
    }

    private static Set<ChangeKind> kinds(Element parent) {
        return new Children(parent)
                .several(Xml.TYPES, "EventType").stream()
                        .map(Children::text)
                        .map(name -> ChangeKind.ofElementName(name)
                                .orElseThrow(() -> EwsFault.schema("'" + name + "' is no event type.")))
                        .collect(Collectors.toUnmodifiableSet());
    }

    static EwsCall.Shape shape(Element element) {
        var parts = new Children(element);
        var base = Children.text(parts.required(Xml.TYPES, "BaseShape"));
        if (!Set.of("IdOnly", "Default", "AllProperties", "PcxPeopleSearch").contains(base)) {
            throw EwsFault.schema("'" + base + "' is no BaseShape.");
        }
        // bodies and their kinds are not simulated, and their settings of no matter
        var fields = Set.<String>of();
        for (var next = parts.any(); next.isPresent(); next = parts.any()) {
            if (Children.is(next.get(), Xml.TYPES, "AdditionalProperties")) {
                fields = fields(next.get());
            }
        }
        return new EwsCall.Shape(base.equals("IdOnly"), fields);
    }

    private static Set<String> fields(Element parent) {
        var parts = new Children(parent);
        return parts.several(Xml.TYPES, "FieldURI").stream()
                .map(field -> field.getAttribute("FieldURI"))
                .collect(Collectors.toUnmodifiableSet());
    }

    static int integer(Element element, int least, int most) {
        var text = Children.text(element);
        try {
            var value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notInteger) {
            throw EwsFault.schema("The element '" + element.getLocalName() + "' holds '" + text + "', no integer.");
        }
        throw EwsFault.schema("The element '" + element.getLocalName() + "' holds " + text + ", but takes " + least
                + " to " + most + ".");
    }

    private static boolean isTrue(String value) {
        return value.equals("true") || value.equals("1");
    }
}
