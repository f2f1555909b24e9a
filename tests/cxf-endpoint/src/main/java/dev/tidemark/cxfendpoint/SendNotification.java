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

/// The call, bound as a generator of classes would bind it.
@XmlAccessorType(XmlAccessType.FIELD)
@XmlType(namespace = Names.MESSAGES)
public final class SendNotification {
    @XmlElementWrapper(name = "ResponseMessages", namespace = Names.MESSAGES)
    @XmlElement(name = "SendNotificationResponseMessage", namespace = Names.MESSAGES)
    private final List<Message> messages = new ArrayList<>();

    Stream<Notification> notifications() {
        return messages.stream().map(message -> message.notification).flatMap(Stream::ofNullable);
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "SendNotificationResponseMessageType", namespace = Names.MESSAGES)
    static final class Message {
        @XmlAttribute(name = "ResponseClass")
        @Nullable
        String responseClass;

        @XmlElement(name = "ResponseCode", namespace = Names.MESSAGES)
        @Nullable
        String responseCode;

        @XmlElement(name = "Notification", namespace = Names.MESSAGES)
        @Nullable
        Notification notification;
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "NotificationType", namespace = Names.TYPES)
    static final class Notification {
        @XmlElement(name = "SubscriptionId", namespace = Names.TYPES)
        @Nullable
        String subscriptionId;

        @XmlElement(name = "PreviousWatermark", namespace = Names.TYPES)
        @Nullable
        String previousWatermark;

        @XmlElement(name = "MoreEvents", namespace = Names.TYPES)
        boolean moreEvents;

        @XmlElements({
            @XmlElement(name = "CopiedEvent", namespace = Names.TYPES, type = Event.class),
            @XmlElement(name = "CreatedEvent", namespace = Names.TYPES, type = Event.class),
            @XmlElement(name = "DeletedEvent", namespace = Names.TYPES, type = Event.class),
            @XmlElement(name = "ModifiedEvent", namespace = Names.TYPES, type = Event.class),
            @XmlElement(name = "MovedEvent", namespace = Names.TYPES, type = Event.class),
            @XmlElement(name = "NewMailEvent", namespace = Names.TYPES, type = Event.class),
            @XmlElement(name = "StatusEvent", namespace = Names.TYPES, type = Event.class),
            @XmlElement(name = "FreeBusyChangedEvent", namespace = Names.TYPES, type = Event.class)
        })
        final List<Event> events = new ArrayList<>();

        boolean isWhole() {
            return subscriptionId != null
                    && !events.isEmpty()
                    && events.stream().allMatch(event -> event.watermark != null);
        }
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "EventType", namespace = Names.TYPES)
    static final class Event {
        @XmlElement(name = "Watermark", namespace = Names.TYPES)
        @Nullable
        String watermark;

        @XmlElement(name = "TimeStamp", namespace = Names.TYPES)
        @Nullable
        XMLGregorianCalendar timeStamp;

        @XmlElement(name = "ItemId", namespace = Names.TYPES)
        @Nullable
        Id itemId;

        @XmlElement(name = "FolderId", namespace = Names.TYPES)
        @Nullable
        Id folderId;

        @XmlElement(name = "ParentFolderId", namespace = Names.TYPES)
        @Nullable
        Id parentFolderId;

        @XmlElement(name = "OldItemId", namespace = Names.TYPES)
        @Nullable
        Id oldItemId;

        @XmlElement(name = "OldFolderId", namespace = Names.TYPES)
        @Nullable
        Id oldFolderId;

        @XmlElement(name = "OldParentFolderId", namespace = Names.TYPES)
        @Nullable
        Id oldParentFolderId;

        @XmlElement(name = "UnreadCount", namespace = Names.TYPES)
        @Nullable
        Integer unreadCount;
    }

    @XmlAccessorType(XmlAccessType.FIELD)
    @XmlType(name = "IdType", namespace = Names.TYPES)
    static final class Id {
        @XmlAttribute(name = "Id")
        @Nullable
        String id;

        @XmlAttribute(name = "ChangeKey")
        @Nullable
        String changeKey;
    }
}
