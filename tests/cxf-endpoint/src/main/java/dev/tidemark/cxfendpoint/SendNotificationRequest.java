package dev.tidemark.cxfendpoint;

import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlElementWrapper;
import jakarta.xml.bind.annotation.XmlElements;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.datatype.XMLGregorianCalendar;
import org.jspecify.annotations.Nullable;

/// Request, bound as a class generator would bind it.
@XmlAccessorType(XmlAccessType.FIELD)
@XmlType(namespace = CxfNamespaces.MESSAGES)
final class SendNotificationRequest {
    @XmlElementWrapper(name = "ResponseMessages", namespace = CxfNamespaces.MESSAGES)
    @XmlElement(name = "SendNotificationResponseMessage", namespace = CxfNamespaces.MESSAGES)
    private final List<Message> messages = new ArrayList<>();

    Stream<Notification> notifications() {
        return messages.stream().map(message -> message.notification).flatMap(Stream::ofNullable);
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "SendNotificationResponseMessageType", namespace = CxfNamespaces.MESSAGES)
    static final class Message {
        @XmlAttribute(name = "ResponseClass")
        @Nullable
        String responseClass;

        @XmlElement(name = "ResponseCode", namespace = CxfNamespaces.MESSAGES)
        @Nullable
        String responseCode;

        @XmlElement(name = "Notification", namespace = CxfNamespaces.MESSAGES)
        @Nullable
        Notification notification;
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "NotificationType", namespace = CxfNamespaces.TYPES)
    static final class Notification {
        @XmlElement(name = "SubscriptionId", namespace = CxfNamespaces.TYPES)
        @Nullable
        String subscriptionId;

        @XmlElement(name = "PreviousWatermark", namespace = CxfNamespaces.TYPES)
        @Nullable
        String previousWatermark;

        @XmlElement(name = "MoreEvents", namespace = CxfNamespaces.TYPES)
        boolean moreEvents;

        @XmlElements({
            @XmlElement(name = "CopiedEvent", namespace = CxfNamespaces.TYPES, type = Event.class),
            @XmlElement(name = "CreatedEvent", namespace = CxfNamespaces.TYPES, type = Event.class),
            @XmlElement(name = "DeletedEvent", namespace = CxfNamespaces.TYPES, type = Event.class),
            @XmlElement(name = "ModifiedEvent", namespace = CxfNamespaces.TYPES, type = Event.class),
            @XmlElement(name = "MovedEvent", namespace = CxfNamespaces.TYPES, type = Event.class),
            @XmlElement(name = "NewMailEvent", namespace = CxfNamespaces.TYPES, type = Event.class),
            @XmlElement(name = "StatusEvent", namespace = CxfNamespaces.TYPES, type = Event.class),
            @XmlElement(name = "FreeBusyChangedEvent", namespace = CxfNamespaces.TYPES, type = Event.class)
        })
        final List<Event> events = new ArrayList<>();

        boolean isWhole() {
            return subscriptionId != null
                    && !events.isEmpty()
                    && events.stream().allMatch(event -> event.watermark != null);
        }
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "EventType", namespace = CxfNamespaces.TYPES)
    static final class Event {
        @XmlElement(name = "Watermark", namespace = CxfNamespaces.TYPES)
        @Nullable
        String watermark;

        @XmlElement(name = "TimeStamp", namespace = CxfNamespaces.TYPES)
        @Nullable
        XMLGregorianCalendar timeStamp;

        @XmlElement(name = "ItemId", namespace = CxfNamespaces.TYPES)
        @Nullable
        Id itemId;

        @XmlElement(name = "FolderId", namespace = CxfNamespaces.TYPES)
        @Nullable
        Id folderId;

        @XmlElement(name = "ParentFolderId", namespace = CxfNamespaces.TYPES)
        @Nullable
        Id parentFolderId;

        @XmlElement(name = "OldItemId", namespace = CxfNamespaces.TYPES)
        @Nullable
        Id oldItemId;

        @XmlElement(name = "OldFolderId", namespace = CxfNamespaces.TYPES)
        @Nullable
        Id oldFolderId;

        @XmlElement(name = "OldParentFolderId", namespace = CxfNamespaces.TYPES)
        @Nullable
        Id oldParentFolderId;

        @XmlElement(name = "UnreadCount", namespace = CxfNamespaces.TYPES)
        @Nullable
        Integer unreadCount;
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "IdType", namespace = CxfNamespaces.TYPES)
    static final class Id {
        @XmlAttribute(name = "Id")
        @Nullable
        String id;

        @XmlAttribute(name = "ChangeKey")
        @Nullable
        String changeKey;
    }
}
