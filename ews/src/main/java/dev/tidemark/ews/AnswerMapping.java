package dev.tidemark.ews;

import dev.tidemark.ews.EwsCall.FindFolder;
import dev.tidemark.ews.EwsCall.GetEvents;
import dev.tidemark.ews.EwsCall.ResolveNames;
import dev.tidemark.ews.EwsCall.SubscribePull;
import dev.tidemark.ews.EwsCall.SubscribeStreaming;
import dev.tidemark.ews.EwsCall.SyncFolderHierarchy;
import dev.tidemark.ews.EwsRequest.GetFolder;
import dev.tidemark.ews.EwsRequest.GetItem;
import dev.tidemark.ews.EwsRequest.SubscribePush;
import dev.tidemark.ews.EwsRequest.SyncFolderItems;
import dev.tidemark.ews.EwsRequest.Unsubscribe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Turns wire answers into the values that requests promise.
final class AnswerMapping {
    private AnswerMapping() {}

    /// What `answer` says: a value, or the error that its messages tell of.
    static <R> EwsAnswer<R> map(EwsCall<R> call, Wire.Answer answer) throws MalformedMessageException {
        var messages = answer.responseMessages() == null ? List.<Wire.Message>of() : answer.responseMessages().all;
        if (messages.isEmpty()) {
            throw new MalformedMessageException("The answer holds no response message.");
        }
        var refusal = refusal(messages, call);
        return refusal.isPresent()
                ? new EwsAnswer.Refused<>(refusal.get())
                : new EwsAnswer.Success<>(value(call, messages));
    }

    /// What an answer of GetEvents says. It is asked for one subscription, so it has one message.
    @SuppressWarnings("unchecked")
    static <R> EwsAnswer<R> pulled(List<EventsMessage> messages) throws MalformedMessageException {
        var message = messages.getFirst();
        if (message.problem().isPresent()) {
            return new EwsAnswer.Refused<>(Reactions.to(message.problem().get()));
        }
        if (message.notifications().size() != 1) {
            throw new MalformedMessageException("The answer does not hold the one Notification asked for.");
        }
        return (EwsAnswer<R>) new EwsAnswer.Success<>(message.notifications().getFirst());
    }

    // each request names the type of its value, which the compiler cannot follow through the switch
    @SuppressWarnings("unchecked")
    private static <R> R value(EwsCall<R> call, List<Wire.Message> messages) throws MalformedMessageException {
        var first = messages.getFirst();
        return (R)
                switch (call) {
                    case SubscribePush ignored -> subscribed(first);
                    case Unsubscribe ignored -> new Unsubscribed();
                    case SyncFolderItems ignored -> syncPage(first);
                    case GetItem get -> each(messages, get.items().size(), AnswerMapping::item);
                    case GetFolder get -> each(messages, get.folders().size(), AnswerMapping::folder);
                    case SubscribePull ignored -> subscribed(first);
                    case SubscribeStreaming ignored -> subscribed(first);
                    case SyncFolderHierarchy ignored -> FolderMapping.hierarchy(first);
                    case FindFolder find -> FolderMapping.listing(find, first);
                    case ResolveNames ignored -> ResolutionMapping.resolutions(first);
                    case GetEvents ignored -> throw new IllegalStateException("Events are read off the cursor.");
                };
    }

    /// The error that refuses the whole request: one that no success stands beside and that does not speak of
    /// single objects only.
    private static Optional<EwsError> refusal(List<Wire.Message> messages, EwsCall<?> call) {
        var ofObjects = call instanceof GetItem || call instanceof GetFolder;
        if (messages.stream().anyMatch(message -> !isError(message))) {
            return Optional.empty();
        }
        return messages.stream()
                .map(Problems::of)
                .filter(problem -> !(call instanceof ResolveNames && ResolutionMapping.saysNobody(problem.code())))
                .filter(problem -> !ofObjects || !Reactions.concernsOneObject(problem.code()))
                .findFirst()
                .map(Reactions::to);
    }

    private static boolean isError(Wire.Message message) {
        return "Error".equals(message.responseClass())
                || Problems.of(message).code().equals("ErrorBatchProcessingStopped");
    }

    private static <T> List<T> each(List<Wire.Message> messages, int asked, Function<Wire.Message, T> mapping)
            throws MalformedMessageException {
        if (messages.size() != asked) {
            throw new MalformedMessageException(
                    "The answer holds " + messages.size() + " response messages for " + asked + " asked.");
        }
        return messages.stream().map(mapping).toList();
    }

    private static Subscribed subscribed(Wire.Message message) {
        return new Subscribed(
                new SubscriptionId(WireValues.text(message.subscriptionId()).orElse("")),
                WireValues.text(message.watermark()).map(Watermark::new));
    }

    private static SyncPage syncPage(Wire.Message message) {
        var changes = new ArrayList<SyncChange>();
        if (message.changes() != null) {
            for (var named : message.changes().all) {
                change(named).ifPresent(changes::add);
            }
        }
        return new SyncPage(
                new SyncState(WireValues.text(message.syncState()).orElse("")),
                WireValues.truth(message.includesLastItemInRange()).orElse(false),
                changes);
    }

    private static Optional<SyncChange> change(Wire.NamedChange named) {
        var change = named.change();
        return switch (named.name()) {
            case "Create" -> Optional.of(new SyncChange.Created(summary(change)));
            case "Update" -> Optional.of(new SyncChange.Updated(summary(change)));
            case "Delete" -> Optional.of(new SyncChange.Deleted(WireValues.itemId(change.itemId)));
            case "ReadFlagChange" ->
                Optional.of(new SyncChange.ReadFlagChanged(
                        WireValues.itemId(change.itemId),
                        WireValues.truth(change.isRead).orElse(false)));
            default -> Optional.empty();
        };
    }

    /// An item of an unknown shape has no id either, and nothing can be done with it.
    private static ItemSummary summary(Wire.Change change) {
        if (change.item == null) {
            throw new InvalidValueException("A change names no item; expected one.");
        }
        return ItemMapping.summary(change.item);
    }

    private static ItemResult item(Wire.Message message) {
        var item = first(message.items() == null ? null : message.items().all);
        if (item.isPresent() && !isError(message)) {
            return new ItemResult.Found(ItemMapping.detail(item.get()));
        }
        var problem = Problems.of(message);
        return new ItemResult.Refused(codeOf(problem, "ErrorItemNotFound"), problem.text());
    }

    private static FolderResult folder(Wire.Message message) {
        var folder = first(message.folders() == null ? null : message.folders().all);
        if (folder.isPresent() && !isError(message)) {
            return new FolderResult.Found(
                    WireValues.folderId(folder.get().folderId()),
                    WireValues.text(folder.get().displayName()).orElse(""),
                    FolderMapping.count(folder.get().totalCount()));
        }
        var problem = Problems.of(message);
        return new FolderResult.Refused(codeOf(problem, "ErrorFolderNotFound"), problem.text());
    }

    /// A success without the object is read as its absence.
    private static ResponseCode codeOf(Problem problem, String otherwise) {
        var code = new ResponseCode(problem.code());
        return code.equals(ResponseCode.NO_ERROR) ? new ResponseCode(otherwise) : code;
    }

    private static <T> Optional<T> first(@Nullable List<T> all) {
        return all == null ? Optional.empty() : all.stream().findFirst();
    }
}
