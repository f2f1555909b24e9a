package dev.tidemark.ews.codec;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.MailboxEvent.ChangeEvent;
import dev.tidemark.values.MailboxEvent.StatusEvent;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.NotificationMessage.Failure;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.xml.XmlMapper;
import tools.jackson.dataformat.xml.annotation.JacksonXmlText;

/// Reads well-formed callbacks by data binding, as a second implementation beside [NotificationCodec].
final class BoundNotifications {
    private final XmlMapper mapper = XmlMapper.builder()
            .defaultUseWrapper(false)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    SendNotification decode(byte[] body) throws IOException {
        var messages = mapper.readValue(body, Envelope.class).body.sendNotification.responseMessages.messages;
        return new SendNotification(
                messages.stream().map(BoundNotifications::message).toList());
    }

    private static NotificationMessage message(Message message) {
        if (!"Error".equals(message.responseClass)) {
            var bound = message.notification;
            return new Notification(
                    new SubscriptionId(bound.subscriptionId),
                    Optional.ofNullable(bound.previousWatermark).map(Watermark::new),
                    "true".equals(bound.moreEvents),
                    bound.events);
        }
        var id = Stream.ofNullable(message.messageXml)
                .flatMap(xml -> xml.values.stream())
                .filter(value -> value.name.equals("SubscriptionId"))
                .map(value -> new SubscriptionId(value.text))
                .findFirst();
        return new Failure(
                id,
                new ResponseCode(message.responseCode),
                Optional.ofNullable(message.messageText).orElse(""));
    }

    static final class Envelope {
        @JsonProperty("Body")
        Body body;
    }

    static final class Body {
        @JsonProperty("SendNotification")
        Sent sendNotification;
    }

    static final class Sent {
        @JsonProperty("ResponseMessages")
        Messages responseMessages;
    }

    static final class Messages {
        @JsonProperty("SendNotificationResponseMessage")
        List<Message> messages;
    }

    static final class Message {
        @JsonProperty("ResponseClass")
        String responseClass;

        @JsonProperty("ResponseCode")
        String responseCode;

        @JsonProperty("MessageText")
        String messageText;

        @JsonProperty("MessageXml")
        MessageXml messageXml;

        @JsonProperty("Notification")
        Bound notification;
    }

    static final class MessageXml {
        @JsonProperty("Value")
        List<Value> values;
    }

    static final class Value {
        @JsonProperty("Name")
        String name;

        @JacksonXmlText
        String text;
    }

    static final class Bound {
        @JsonProperty("SubscriptionId")
        String subscriptionId;

        @JsonProperty("PreviousWatermark")
        String previousWatermark;

        @JsonProperty("MoreEvents")
        String moreEvents;

        final List<MailboxEvent> events = new ArrayList<>();

        @JsonAnySetter
        void add(String name, Event event) {
            var watermark = Optional.ofNullable(event.watermark).map(Watermark::new);
            events.add(
                    name.equals("StatusEvent")
                            ? new StatusEvent(watermark)
                            : event.change(ChangeKind.ofElementName(name).orElseThrow(), watermark));
        }
    }

    static final class Event {
        @JsonProperty("Watermark")
        String watermark;

        @JsonProperty("TimeStamp")
        String timeStamp;

        @JsonProperty("ItemId")
        Id itemId;

        @JsonProperty("FolderId")
        Id folderId;

        @JsonProperty("ParentFolderId")
        Id parentFolderId;

        @JsonProperty("OldItemId")
        Id oldItemId;

        @JsonProperty("OldFolderId")
        Id oldFolderId;

        @JsonProperty("OldParentFolderId")
        Id oldParentFolderId;

        @JsonProperty("UnreadCount")
        Integer unreadCount;

        ChangeEvent change(ChangeKind kind, Optional<Watermark> after) {
            return new ChangeEvent(
                    kind,
                    after,
                    Optional.ofNullable(timeStamp).flatMap(TimestampParser::parse),
                    object(itemId, folderId).orElseThrow(),
                    Optional.ofNullable(parentFolderId).map(Id::folder),
                    object(oldItemId, oldFolderId),
                    Optional.ofNullable(oldParentFolderId).map(Id::folder),
                    unreadCount == null ? OptionalInt.empty() : OptionalInt.of(unreadCount));
        }

        private static Optional<ObjectId> object(Id item, Id folder) {
            return Optional.<ObjectId>ofNullable(item == null ? null : item.item())
                    .or(() -> Optional.ofNullable(folder).map(Id::folder));
        }
    }

    static final class Id {
        @JsonProperty("Id")
        String id;

        @JsonProperty("ChangeKey")
        String changeKey;

        ItemId item() {
            return new ItemId(id, Optional.ofNullable(changeKey));
        }

        FolderId folder() {
            return new FolderId(id, Optional.ofNullable(changeKey));
        }
    }
}
