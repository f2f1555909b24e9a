package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapFaultException;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.w3c.dom.Element;

/// Reads the requests about subscriptions as strictly as the schema (XSD, messages.xsd).
final class SubscriptionRequestReader {
    private static final int MAX_STREAMED = 200;

    private SubscriptionRequestReader() {}

    static SimulatedEwsCall subscribe(Element body) {
        var choice = new ChildElementReader(body);
        var streaming = choice.optional(XmlDocumentBuilder.MESSAGES, "StreamingSubscriptionRequest");
        if (streaming.isPresent()) {
            return subscribeStreaming(streaming.get());
        }
        var pull = choice.optional(XmlDocumentBuilder.MESSAGES, "PullSubscriptionRequest");
        if (pull.isPresent()) {
            return subscribePull(pull.get());
        }
        var request = choice.optional(XmlDocumentBuilder.MESSAGES, "PushSubscriptionRequest")
                .orElseThrow(() -> new SoapFaultException(
                        "ErrorInvalidSubscriptionRequest",
                        "A subscription is a pull, push or streaming subscription."));
        var parts = new ChildElementReader(request);
        var folders = parts.optional(XmlDocumentBuilder.TYPES, "FolderIds").map(FolderRequestReader::folders);
        requireOne(request, folders.isPresent());
        var kinds = kinds(parts.required(XmlDocumentBuilder.TYPES, "EventTypes"));
        var watermark = parts.optional(XmlDocumentBuilder.TYPES, "Watermark")
                .map(ChildElementReader::text)
                .map(Watermark::new);
        var minutes = EwsCallReader.integer(parts.required(XmlDocumentBuilder.TYPES, "StatusFrequency"), 1, 1440);
        var url = ChildElementReader.text(parts.required(XmlDocumentBuilder.TYPES, "URL"));
        parts.optional(XmlDocumentBuilder.TYPES, "CallerData");
        parts.end();
        return new SimulatedEwsCall.Subscribe(
                folders.orElse(List.of()), kinds, watermark, Duration.ofMinutes(minutes), url);
    }

    private static void requireOne(Element request, boolean named) {
        if (ChildElementReader.isTrue(request, "SubscribeToAllFolders") == named) {
            throw new ResponseErrorException(
                    "ErrorInvalidSubscriptionRequest",
                    "A subscription names folders or asks for all of them, and exactly one of the two.");
        }
    }

    static SimulatedEwsCall subscribeStreaming(Element request) {
        var parts = new ChildElementReader(request);
        var folders = parts.optional(XmlDocumentBuilder.TYPES, "FolderIds").map(FolderRequestReader::folders);
        requireOne(request, folders.isPresent());
        var kinds = kinds(parts.required(XmlDocumentBuilder.TYPES, "EventTypes"));
        parts.end();
        return new SimulatedEwsCall.SubscribeStreaming(folders.orElse(List.of()), kinds);
    }

    static SimulatedEwsCall subscribePull(Element request) {
        var parts = new ChildElementReader(request);
        var folders = parts.optional(XmlDocumentBuilder.TYPES, "FolderIds").map(FolderRequestReader::folders);
        requireOne(request, folders.isPresent());
        var kinds = kinds(parts.required(XmlDocumentBuilder.TYPES, "EventTypes"));
        var watermark = parts.optional(XmlDocumentBuilder.TYPES, "Watermark")
                .map(ChildElementReader::text)
                .map(Watermark::new);
        var minutes = EwsCallReader.integer(parts.required(XmlDocumentBuilder.TYPES, "Timeout"), 1, 1440);
        parts.end();
        return new SimulatedEwsCall.SubscribePull(
                folders.orElse(List.of()), kinds, watermark, Duration.ofMinutes(minutes));
    }

    static SimulatedEwsCall getStreamingEvents(ChildElementReader parts) {
        var ids = new ChildElementReader(parts.required(XmlDocumentBuilder.MESSAGES, "SubscriptionIds"))
                .several(XmlDocumentBuilder.TYPES, "SubscriptionId");
        var minutes = EwsCallReader.integer(parts.required(XmlDocumentBuilder.MESSAGES, "ConnectionTimeout"), 1, 30);
        parts.end();
        if (ids.isEmpty() || ids.size() > MAX_STREAMED) {
            throw SoapFaultException.schema("A stream serves 1 to " + MAX_STREAMED + " subscriptions.");
        }
        return new SimulatedEwsCall.GetStreamingEvents(
                ids.stream().map(ChildElementReader::text).toList(), Duration.ofMinutes(minutes));
    }

    static SimulatedEwsCall getEvents(ChildElementReader parts) {
        var id = ChildElementReader.text(parts.required(XmlDocumentBuilder.MESSAGES, "SubscriptionId"));
        var watermark = ChildElementReader.text(parts.required(XmlDocumentBuilder.MESSAGES, "Watermark"));
        parts.end();
        return new SimulatedEwsCall.GetEvents(id, new Watermark(watermark));
    }

    static SimulatedEwsCall unsubscribe(ChildElementReader parts) {
        var call = new SimulatedEwsCall.Unsubscribe(
                ChildElementReader.text(parts.required(XmlDocumentBuilder.MESSAGES, "SubscriptionId")));
        parts.end();
        return call;
    }

    private static Set<ChangeKind> kinds(Element parent) {
        return new ChildElementReader(parent)
                .several(XmlDocumentBuilder.TYPES, "EventType").stream()
                        .map(ChildElementReader::text)
                        .map(name -> ChangeKind.ofElementName(name)
                                .orElseThrow(() -> SoapFaultException.schema("'" + name + "' is no event type.")))
                        .collect(Collectors.toUnmodifiableSet());
    }
}
