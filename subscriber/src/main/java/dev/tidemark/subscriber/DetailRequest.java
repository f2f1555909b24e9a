package dev.tidemark.subscriber;

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
import dev.tidemark.subscriber.DetailBacklog.Wanted;
import dev.tidemark.subscriber.connection.EwsErrorTraits;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.connection.SendResult;
import dev.tidemark.values.ItemId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends one GetItem for events of a mailbox and settles what its response decides. An item's permanent error
/// settles that item at once; a request that fails because of one of its items is repeated in halves. Thread-safe.
final class DetailRequest {
    private static final Logger log = LoggerFactory.getLogger(DetailRequest.class);

    private static final String NOT_FOUND = "ErrorItemNotFound";

    /// Errors of a response that is of EWS and cannot be read. Again for one item alone, they last.
    private static final Set<String> UNREADABLE = Set.of("HttpDamagedMessage", "HttpTooLarge");

    /// Other errors of a whole request that one of its items may have caused.
    private static final Set<String> CAUSED_BY_ONE =
            Set.of("Http500", "ErrorInternalServerError", "ErrorTimeoutExpired");

    private final MailboxSubscriber subscriber;
    private final WatermarkStore store;
    private final DetailSettler settler;

    /// Rest of a request.
    ///
    /// @param open events to be asked for again
    /// @param rests true if the whole mailbox must wait before its next request
    record Rest(List<Wanted> open, boolean rests) {
        private static final Rest NONE = new Rest(List.of(), false);
    }

    private record Asked(Wanted wanted, ItemId item) {}

    DetailRequest(MailboxSubscriber subscriber, WatermarkStore store, DetailSettler settler) {
        this.subscriber = subscriber;
        this.store = store;
        this.settler = settler;
    }

    Rest send(MailboxId id, List<Wanted> events, Instant now) throws InterruptedException {
        try {
            return sent(id, events, now);
        } catch (StoreException e) {
            log.warn("Failed to read events that want details; retrying: {}", e.getMessage());
            return new Rest(events.stream().map(each -> each.failedAt(now)).toList(), true);
        }
    }

    private Rest sent(MailboxId id, List<Wanted> events, Instant now) throws InterruptedException {
        var asked = events.stream().flatMap(event -> item(event).stream()).toList();
        var mailbox = store.mailboxes().find(id);
        var exchange = mailbox.flatMap(
                        found -> subscriber.plan(found.membership().group()))
                .flatMap(plan -> subscriber.exchange(plan.connection()));
        if (asked.isEmpty() || exchange.isEmpty()) {
            return unavailable(asked);
        }
        var request = new EwsRequest.GetItem(asked.stream().map(Asked::item).toList());
        var sent = exchange.get()
                .send(RequestPriority.DETAIL, mailbox.orElseThrow().address(), request);
        return switch (sent) {
            case SendResult.Answered<List<ItemResult>>(EwsResult.Success<List<ItemResult>>(var results)) ->
                settled(asked, results, now);
            case SendResult.Answered<List<ItemResult>>(EwsResult.Refused<List<ItemResult>>(var error)) -> {
                log.debug("Details of {} were refused: {}", mailbox.get().address(), error);
                yield refused(asked, error, now);
            }
            case SendResult.HeldBack<List<ItemResult>> ignored -> later(asked, now);
            case SendResult.Stopping<List<ItemResult>> ignored -> later(asked, now);
        };
    }

    /// The events wait by their positions only; retention may have taken one meanwhile.
    private Optional<Asked> item(Wanted event) {
        return store.journal()
                .find(event.position())
                .map(JournalEvent::data)
                .filter(Change.class::isInstance)
                .map(data -> new Asked(event, (ItemId) ((Change) data).target()));
    }

    private Rest settled(List<Asked> asked, List<ItemResult> results, Instant now) {
        var open = new ArrayList<Wanted>();
        for (var i = 0; i < asked.size(); i++) {
            var wanted = asked.get(i).wanted();
            var detail = i < results.size() ? detail(results.get(i)) : Optional.<ItemDetail>empty();
            detail.ifPresentOrElse(
                    found -> settler.settle(wanted.position(), found), () -> open.add(wanted.failedAt(now)));
        }
        return new Rest(open, false);
    }

    /// Returns empty if a later request may get the item.
    private static Optional<ItemDetail> detail(ItemResult result) {
        return switch (result) {
            case ItemResult.Found found -> Optional.of(new ItemDetail.Found(found.message()));
            case ItemResult.Refused refused
            when refused.code().value().equals(NOT_FOUND) -> Optional.of(new ItemDetail.NotFound());
            case ItemResult.Refused refused ->
                refused.isTemporary() ? Optional.empty() : Optional.of(new ItemDetail.Unavailable());
        };
    }

    private Rest refused(List<Asked> asked, EwsError error, Instant now) {
        if (error instanceof EwsError.PermanentForMailbox) {
            return unavailable(asked);
        }
        var isUnreadable = UNREADABLE.contains(error.code().value());
        // the only response message of a request is about its only item
        var isOfTheOnly = asked.size() == 1 && EwsErrorTraits.isFromExchange(error);
        var mayBeOne = (isOfTheOnly
                        || isUnreadable
                        || CAUSED_BY_ONE.contains(error.code().value()))
                && !(error instanceof EwsError.RetryAfter retry && EwsErrorTraits.isBusy(retry));
        if (!mayBeOne) {
            return later(asked, now);
        }
        if (asked.size() > 1) {
            var half = (asked.size() + 1) / 2;
            return new Rest(
                    asked.stream().map(each -> each.wanted().amongFewer(half)).toList(), false);
        }
        var alone = asked.getFirst().wanted();
        return isUnreadable && alone.failedAlone()
                ? unavailable(asked)
                : new Rest(List.of((isUnreadable ? alone.amongFewer(1) : alone).failedAt(now)), false);
    }

    private static Rest later(List<Asked> asked, Instant now) {
        return new Rest(asked.stream().map(each -> each.wanted().failedAt(now)).toList(), true);
    }

    private Rest unavailable(List<Asked> asked) {
        asked.forEach(each -> settler.settle(each.wanted().position(), new ItemDetail.Unavailable()));
        return Rest.NONE;
    }
}
