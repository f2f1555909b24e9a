package dev.tidemark.subscriber.detail;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.ItemResult;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.connection.EwsErrorTraits;
import dev.tidemark.subscriber.connection.ExchangeGateway.SendResult;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.detail.DetailBacklog.Wanted;
import dev.tidemark.values.ItemId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends one GetItem for events of a mailbox and stores the details in its response. A permanent error of an
/// item marks that item as unavailable at once. A request that fails because of one item is repeated in halves.
/// Called by the worker threads of [DetailFetcher]. Thread-safe.
final class DetailRequest {
    private static final Logger log = LoggerFactory.getLogger(DetailRequest.class);

    private static final String NOT_FOUND = "ErrorItemNotFound";

    /// Errors of a response of EWS that cannot be read. If one repeats for a single item, it is permanent.
    private static final Set<String> UNREADABLE = Set.of("HttpDamagedMessage", "HttpTooLarge");

    /// Other errors of a request that one of its items may have caused.
    private static final Set<String> CAUSED_BY_ONE_ITEM =
            Set.of("Http500", "ErrorInternalServerError", "ErrorTimeoutExpired");

    private final MailboxSubscriber subscriber;
    private final WatermarkStore store;
    private final DetailSettler settler;

    /// Events to request again after a response.
    ///
    /// @param events events without a detail
    /// @param delaysMailbox true if the whole mailbox must wait before its next request
    record RetryPlan(List<Wanted> events, boolean delaysMailbox) {
        private static final RetryPlan NONE = new RetryPlan(List.of(), false);
    }

    private record RequestedItem(Wanted wanted, ItemId item) {}

    DetailRequest(MailboxSubscriber subscriber, WatermarkStore store, DetailSettler settler) {
        this.subscriber = subscriber;
        this.store = store;
        this.settler = settler;
    }

    RetryPlan send(MailboxId id, List<Wanted> events, Instant now) throws InterruptedException {
        try {
            return trySend(id, events, now);
        } catch (StoreException e) {
            log.warn("Failed to read events that need details; retrying: {}", e.getMessage());
            return new RetryPlan(events.stream().map(each -> each.failedAt(now)).toList(), true);
        }
    }

    private RetryPlan trySend(MailboxId id, List<Wanted> events, Instant now) throws InterruptedException {
        var requested = events.stream().flatMap(event -> item(event).stream()).toList();
        var mailbox = store.mailboxes().find(id);
        var exchange = mailbox.flatMap(
                        found -> subscriber.plan(found.membership().group()))
                .flatMap(plan -> subscriber.exchange(plan.connection()));
        if (requested.isEmpty() || exchange.isEmpty()) {
            return markUnavailable(requested);
        }
        var request = new EwsRequest.GetItem(
                requested.stream().map(RequestedItem::item).toList());
        var sent = exchange.get()
                .send(RequestPriority.DETAIL, mailbox.orElseThrow().address(), request);
        return switch (sent) {
            case SendResult.Answered<List<ItemResult>>(EwsResult.Success<List<ItemResult>>(var results)) ->
                onResults(requested, results, now);
            case SendResult.Answered<List<ItemResult>>(EwsResult.Refused<List<ItemResult>>(var error)) -> {
                log.debug("Exchange refused details of {}: {}", mailbox.get().address(), error);
                yield onRefusal(requested, error, now);
            }
            case SendResult.BackedOff<List<ItemResult>> ignored -> retryLater(requested, now);
            case SendResult.Stopping<List<ItemResult>> ignored -> retryLater(requested, now);
        };
    }

    /// Returns the item of an event. Retention may have removed the event meanwhile.
    private Optional<RequestedItem> item(Wanted event) {
        return store.journal()
                .find(event.position())
                .map(JournalEvent::data)
                .filter(Change.class::isInstance)
                .map(data -> new RequestedItem(event, (ItemId) ((Change) data).target()));
    }

    private RetryPlan onResults(List<RequestedItem> requested, List<ItemResult> results, Instant now) {
        var remaining = new ArrayList<Wanted>();
        for (var i = 0; i < requested.size(); i++) {
            var wanted = requested.get(i).wanted();
            var detail = i < results.size() ? detail(results.get(i)) : Optional.<ItemDetail>empty();
            detail.ifPresentOrElse(
                    found -> settler.enqueue(wanted.position(), found), () -> remaining.add(wanted.failedAt(now)));
        }
        return new RetryPlan(remaining, false);
    }

    /// Returns the detail of an item, or empty if a later request may get it.
    private static Optional<ItemDetail> detail(ItemResult result) {
        return switch (result) {
            case ItemResult.Found found -> Optional.of(new ItemDetail.Found(found.message()));
            case ItemResult.Refused refused
            when refused.code().value().equals(NOT_FOUND) -> Optional.of(new ItemDetail.NotFound());
            case ItemResult.Refused refused ->
                refused.isTemporary() ? Optional.empty() : Optional.of(new ItemDetail.Unavailable());
        };
    }

    private RetryPlan onRefusal(List<RequestedItem> requested, EwsError error, Instant now) {
        if (error instanceof EwsError.PermanentForMailbox) {
            return markUnavailable(requested);
        }
        var isUnreadable = UNREADABLE.contains(error.code().value());
        // the only response message concerns the only item
        var isOfOnlyItem = requested.size() == 1 && EwsErrorTraits.isFromExchange(error);
        var mayBeOneItem = (isOfOnlyItem
                        || isUnreadable
                        || CAUSED_BY_ONE_ITEM.contains(error.code().value()))
                && !(error instanceof EwsError.RetryAfter retry && EwsErrorTraits.isBusy(retry));
        if (!mayBeOneItem) {
            return retryLater(requested, now);
        }
        if (requested.size() > 1) {
            var half = (requested.size() + 1) / 2;
            return new RetryPlan(
                    requested.stream()
                            .map(each -> each.wanted().withBatchLimit(half))
                            .toList(),
                    false);
        }
        var alone = requested.getFirst().wanted();
        return isUnreadable && alone.failedAlone()
                ? markUnavailable(requested)
                : new RetryPlan(List.of((isUnreadable ? alone.withBatchLimit(1) : alone).failedAt(now)), false);
    }

    private static RetryPlan retryLater(List<RequestedItem> requested, Instant now) {
        return new RetryPlan(
                requested.stream().map(each -> each.wanted().failedAt(now)).toList(), true);
    }

    private RetryPlan markUnavailable(List<RequestedItem> requested) {
        requested.forEach(each -> settler.enqueue(each.wanted().position(), new ItemDetail.Unavailable()));
        return RetryPlan.NONE;
    }
}
