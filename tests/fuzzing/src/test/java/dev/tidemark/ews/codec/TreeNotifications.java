package dev.tidemark.ews.codec;

import static dev.tidemark.ews.message.EwsNamespaces.MESSAGES;
import static dev.tidemark.ews.message.EwsNamespaces.SOAP;
import static dev.tidemark.ews.message.EwsNamespaces.TYPES;

import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxEvent.ChangeEvent;
import dev.tidemark.values.MailboxEvent.StatusEvent;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.NotificationMessage.Failure;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.TextValidator;
import dev.tidemark.values.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import org.w3c.dom.Element;

/// General decoder of callbacks: reads a document tree of the JDK's parser. Shares only the readers of single values
/// and the rule for skipped events with [NotificationReader]. Not thread-safe.
final class TreeNotifications {
    private final SkipTally skips = new SkipTally(SendNotification.OPERATION);
    private final WireValueParser values = new WireValueParser(skips);
    private final List<NotificationMessage> messages = new ArrayList<>();

    /// Returns the messages of the tree.
    static List<NotificationMessage> read(Element root) throws MalformedMessageException {
        var tree = new TreeNotifications();
        tree.readEnvelope(root);
        return tree.messages;
    }

    private void readEnvelope(Element root) throws MalformedMessageException {
        NotificationReader.require(WellFormedTree.is(root, SOAP, "Envelope"), "no envelope");
        for (var body : WellFormedTree.children(root, SOAP, "Body")) {
            for (var sent : WellFormedTree.children(body)) {
                NotificationReader.require(
                        WellFormedTree.is(sent, MESSAGES, "SendNotification"), "no SendNotification");
                for (var responses : WellFormedTree.children(sent, MESSAGES, "ResponseMessages")) {
                    WellFormedTree.children(responses, MESSAGES, "SendNotificationResponseMessage")
                            .forEach(this::readMessage);
                }
            }
        }
        NotificationReader.require(!messages.isEmpty(), "no response message");
    }

    private void readMessage(Element message) {
        var error = attribute(message, "ResponseClass").filter("Error"::equals).isPresent();
        var code = text(message, "ResponseCode").filter(text -> !text.isEmpty());
        var named = text(message, "SubscriptionId").flatMap(NotificationElementReader::subscriptionId);
        var notifications = new ArrayList<Notification>();
        for (var part : WellFormedTree.children(message)) {
            switch (WellFormedTree.known(part)) {
                case "SubscriptionId" -> named = NotificationElementReader.subscriptionId(WellFormedTree.text(part));
                case "MessageXml" -> named = idOfMessageXml(part).orElse(named);
                case "Notification" -> {
                    var builder = notification(part);
                    if (error) {
                        named = builder.subscriptionId.isPresent() ? builder.subscriptionId : named;
                    } else {
                        builder.notification().ifPresent(notifications::add);
                    }
                }
                default -> {
                    // of no meaning for the outcome
                }
            }
        }
        var isFailure = error
                || (notifications.isEmpty()
                        && code.filter(text -> !text.equals("NoError")).isPresent());
        if (isFailure) {
            var sentence =
                    text(message, "MessageText").map(TextValidator::oneLine).orElse("");
            messages.add(new Failure(named, code.map(ResponseCode::new).orElse(NotificationReader.NO_CODE), sentence));
        }
        messages.addAll(notifications);
    }

    /// Returns the last value of that name; empty if there is none.
    private static Optional<Optional<SubscriptionId>> idOfMessageXml(Element xml) {
        return WellFormedTree.children(xml).stream()
                .filter(value -> value.getLocalName().equals("Value"))
                .filter(value -> attribute(value, "Name")
                        .filter("SubscriptionId"::equals)
                        .isPresent())
                .map(value -> NotificationElementReader.subscriptionId(WellFormedTree.text(value)))
                .reduce((first, last) -> last);
    }

    private NotificationBuilder notification(Element element) {
        var builder = new NotificationBuilder(skips);
        for (var part : WellFormedTree.children(element)) {
            var isMessages = MESSAGES.equals(part.getNamespaceURI());
            if (!isMessages && !TYPES.equals(part.getNamespaceURI())) {
                continue;
            }
            var name = part.getLocalName();
            switch (name) {
                case "SubscriptionId" ->
                    builder.subscriptionId = NotificationElementReader.subscriptionId(WellFormedTree.text(part));
                case "PreviousWatermark" -> builder.previousWatermark = watermark(WellFormedTree.text(part));
                case "MoreEvents" -> builder.moreEvents = List.of("true", "1").contains(WellFormedTree.text(part));
                default -> {
                    if (!isMessages
                            || name.equals("StatusEvent")
                            || ChangeKind.ofElementName(name).isPresent()) {
                        event(builder, part);
                    }
                }
            }
        }
        return builder;
    }

    private void event(NotificationBuilder builder, Element event) {
        var kind = ChangeKind.ofElementName(event.getLocalName());
        var watermark = text(event, "Watermark").flatMap(this::watermark);
        var target = last(event, List.of("ItemId", "FolderId"));
        if (event.getLocalName().equals("StatusEvent")) {
            builder.add(new StatusEvent(watermark));
        } else if (kind.isPresent() && target.isPresent()) {
            builder.add(new ChangeEvent(
                    kind.get(),
                    watermark,
                    text(event, "TimeStamp").flatMap(TimestampParser::parse),
                    target.get(),
                    folder(event, "ParentFolderId"),
                    last(event, List.of("OldItemId", "OldFolderId")),
                    folder(event, "OldParentFolderId"),
                    text(event, "UnreadCount")
                            .map(text -> values.count(Optional.of(text)))
                            .orElse(OptionalInt.empty())));
        } else {
            builder.skipEvent(watermark);
        }
    }

    private Optional<Watermark> watermark(String text) {
        return text.isEmpty() ? Optional.empty() : values.watermark(text);
    }

    /// Returns the id in the last element of one of these names.
    private static Optional<ObjectId> last(Element event, List<String> names) {
        return WellFormedTree.children(event).stream()
                .filter(part -> names.contains(WellFormedTree.known(part)))
                .reduce((first, last) -> last)
                .flatMap(part -> part.getLocalName().endsWith("ItemId")
                        ? id(part, ItemId::new)
                        : id(part, FolderId::new).map(ObjectId.class::cast));
    }

    private static Optional<FolderId> folder(Element event, String name) {
        return last(event, List.of(name)).map(FolderId.class::cast);
    }

    private static <T> Optional<T> id(Element element, BiFunction<String, Optional<String>, T> as) {
        return attribute(element, "Id")
                .filter(id -> !id.isBlank())
                .map(id -> as.apply(id, attribute(element, "ChangeKey")));
    }

    /// Returns the text of the last child of this name.
    private static Optional<String> text(Element parent, String name) {
        return WellFormedTree.children(parent).stream()
                .filter(part -> WellFormedTree.known(part).equals(name))
                .reduce((first, last) -> last)
                .map(WellFormedTree::text);
    }

    private static Optional<String> attribute(Element element, String name) {
        return Optional.ofNullable(element.getAttributeNodeNS(null, name)).map(node -> node.getValue());
    }
}
