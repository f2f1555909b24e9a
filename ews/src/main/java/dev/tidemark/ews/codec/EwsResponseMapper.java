package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.EventsMessage;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsCall.CreateMessage;
import dev.tidemark.ews.message.EwsCall.DeleteItem;
import dev.tidemark.ews.message.EwsCall.DeletedItem;
import dev.tidemark.ews.message.EwsCall.ExpandGroup;
import dev.tidemark.ews.message.EwsCall.FindFolder;
import dev.tidemark.ews.message.EwsCall.GetEvents;
import dev.tidemark.ews.message.EwsCall.ResolveNames;
import dev.tidemark.ews.message.EwsCall.SubscribePull;
import dev.tidemark.ews.message.EwsCall.SubscribeStreaming;
import dev.tidemark.ews.message.EwsCall.SyncFolderHierarchy;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest.GetFolder;
import dev.tidemark.ews.message.EwsRequest.GetItem;
import dev.tidemark.ews.message.EwsRequest.SubscribePush;
import dev.tidemark.ews.message.EwsRequest.SyncFolderItems;
import dev.tidemark.ews.message.EwsRequest.Unsubscribe;
import dev.tidemark.ews.message.EwsRequest.UnsubscribeResult;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.ResponseCodeClassifier;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.ews.message.SyncPage;
import dev.tidemark.ews.message.SyncPage.SyncChange;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.SyncState;
import java.util.List;
import java.util.Optional;

/// Converts a response on the wire to the value of its request. Evaluates each entry of a list separately:
/// counts and skips an entry that it cannot understand. Not thread-safe; used for one response.
final class EwsResponseMapper {
    private final SkipTally skips;

    EwsResponseMapper(SkipTally skips) {
        this.skips = skips;
    }

    /// Returns the value in `response`, or the error that its messages report.
    <R> EwsResult<R> map(EwsCall<R> call, WireElement response) throws MalformedMessageException {
        var messages = messages(response);
        if (messages.isEmpty()) {
            throw new MalformedMessageException("The response holds no response message.");
        }
        var refusal = refusal(messages, call);
        return refusal.isPresent()
                ? new EwsResult.Refused<>(refusal.get())
                : new EwsResult.Success<>(value(call, messages));
    }

    /// Returns the value of a GetEvents response, which has one message because the request names one
    /// subscription.
    @SuppressWarnings("unchecked")
    static <R> EwsResult<R> pulledEvents(List<EventsMessage> messages) throws MalformedMessageException {
        var message = messages.getFirst();
        if (message.problem().isPresent()) {
            return new EwsResult.Refused<>(
                    ResponseCodeClassifier.classify(message.problem().get()));
        }
        if (message.notifications().size() != 1) {
            throw new MalformedMessageException("The response does not hold the requested Notification.");
        }
        return (EwsResult<R>) new EwsResult.Success<>(message.notifications().getFirst());
    }

    static boolean isError(WireElement message) {
        return message.attribute("ResponseClass").filter("Error"::equals).isPresent()
                || ProtocolErrorExtractor.ofMessage(message).code().equals("ErrorBatchProcessingStopped");
    }

    private List<WireElement> messages(WireElement response) {
        var all = response.child("ResponseMessages").children();
        var messages = all.stream()
                .filter(message -> message.name().endsWith("ResponseMessage"))
                .toList();
        skips.count(SkipReason.UNKNOWN_ELEMENT, all.size() - messages.size());
        return messages;
    }

    // the type parameter of each request is the type of its value; the compiler cannot infer that
    @SuppressWarnings("unchecked")
    private <R> R value(EwsCall<R> call, List<WireElement> messages) throws MalformedMessageException {
        var first = messages.getFirst();
        return (R)
                switch (call) {
                    case SubscribePush ignored -> subscribed(first);
                    case Unsubscribe ignored -> new UnsubscribeResult();
                    case SyncFolderItems ignored -> syncPage(first);
                    case GetItem get -> new ObjectResults(skips).items(get, messages);
                    case GetFolder get -> new ObjectResults(skips).folders(get, messages);
                    case SubscribePull ignored -> subscribed(first);
                    case SubscribeStreaming ignored -> subscribed(first);
                    case SyncFolderHierarchy ignored -> new FolderMapper(skips).hierarchy(first);
                    case FindFolder find -> new FolderMapper(skips).listing(find, first);
                    case ResolveNames ignored -> new ResolutionMapper(skips).resolutions(first);
                    case ExpandGroup ignored -> new ResolutionMapper(skips).members(first);
                    case CreateMessage ignored -> created(first);
                    case DeleteItem ignored -> new DeletedItem();
                    case GetEvents ignored -> throw new IllegalStateException("Events are read off the cursor.");
                };
    }

    /// Returns the error that refuses the whole request. There is none beside a success, or if all errors
    /// concern single objects.
    private static Optional<EwsError> refusal(List<WireElement> messages, EwsCall<?> call) {
        var ofObjects = call instanceof GetItem || call instanceof GetFolder;
        if (messages.stream().anyMatch(message -> !isError(message))) {
            return Optional.empty();
        }
        return messages.stream()
                .map(ProtocolErrorExtractor::ofMessage)
                .filter(problem -> !(call instanceof ResolveNames && ResolutionMapper.meansNoMatch(problem.code())))
                .filter(problem -> !ofObjects || !ResponseCodeClassifier.concernsOneObject(problem.code()))
                .findFirst()
                .map(ResponseCodeClassifier::classify);
    }

    private SubscribeResult subscribed(WireElement message) {
        return new SubscribeResult(
                new SubscriptionId(message.textOf("SubscriptionId").orElse("")),
                message.textOf("Watermark").flatMap(new WireValueParser(skips)::watermark));
    }

    private ItemId created(WireElement message) throws MalformedMessageException {
        var values = new WireValueParser(skips);
        return values.object(message.child("Items"), "ItemId")
                .flatMap(values::itemId)
                .orElseThrow(() -> new MalformedMessageException("The response does not name the created item."));
    }

    private SyncPage syncPage(WireElement message) {
        var items = new ItemMapper(skips);
        return new SyncPage(
                new SyncState(message.textOf("SyncState").orElse("")),
                WireValueParser.truth(message.textOf("IncludesLastItemInRange")).orElse(false),
                message.child("Changes").children().stream()
                        .flatMap(change -> change(change, items).stream())
                        .toList());
    }

    private Optional<SyncChange> change(WireElement change, ItemMapper items) {
        var values = new WireValueParser(skips);
        return switch (change.name()) {
            case "Create" ->
                values.object(change, "ItemId").flatMap(items::summary).map(SyncChange.Created::new);
            case "Update" ->
                values.object(change, "ItemId").flatMap(items::summary).map(SyncChange.Updated::new);
            case "Delete" -> values.itemId(change).map(SyncChange.Deleted::new);
            case "ReadFlagChange" ->
                values.itemId(change)
                        .map(id -> new SyncChange.ReadFlagChanged(
                                id,
                                WireValueParser.truth(change.textOf("IsRead")).orElse(false)));
            default -> {
                skips.count(SkipReason.UNKNOWN_ELEMENT);
                yield Optional.empty();
            }
        };
    }
}
