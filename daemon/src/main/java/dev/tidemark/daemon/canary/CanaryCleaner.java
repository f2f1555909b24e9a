package dev.tidemark.daemon.canary;

import dev.tidemark.ews.message.EwsCall.DeleteItem;
import dev.tidemark.ews.message.EwsCall.DeletedItem;
import dev.tidemark.ews.message.EwsRequest.GetItem;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.ItemResult;
import dev.tidemark.store.Journal;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.connection.ExchangeGateway;
import dev.tidemark.subscriber.connection.ExchangeGateway.SendResult;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes messages of canaries: that of the current round, and those that a stop or a lost response left in the
/// mailbox. The journal names the newest items of the mailbox, also after a kill and on another node. Deletes only
/// items with the subject of a canary. Used by one round.
record CanaryCleaner(Journal journal, ExchangeGateway exchange, MailboxAddress address) {
    static final String SUBJECT = "Tidemark canary; removed automatically";

    private static final Logger LOG = LoggerFactory.getLogger(CanaryCleaner.class);

    /// Limit of journal entries of the mailbox that are read.
    private static final int MAX_ENTRIES = 200;

    /// Removes the messages of earlier rounds. Does nothing if a request fails; the next round repeats it.
    void removeLeft(MailboxId mailbox) throws InterruptedException {
        var items = journal.newest(mailbox, each -> created(each).isPresent(), GetItem.MAX_ITEMS, MAX_ENTRIES).stream()
                .flatMap(each -> created(each).stream())
                .distinct()
                .toList();
        if (!items.isEmpty()
                && exchange.send(RequestPriority.DETAIL, address, new GetItem(items))
                        instanceof SendResult.Answered(EwsResult.Success<List<ItemResult>>(var found))) {
            for (var each : found) {
                if (each instanceof ItemResult.Found(var message)
                        && message.subject().filter(SUBJECT::equals).isPresent()) {
                    LOG.info("Removing a message that an earlier round of the canary left in {}", address);
                    remove(message.id());
                }
            }
        }
    }

    private static Optional<ItemId> created(JournalEvent event) {
        return event.data() instanceof EventData.Change change
                        && change.kind() != ChangeKind.DELETED
                        && change.target() instanceof ItemId item
                ? Optional.of(ItemId.of(item.id()))
                : Optional.empty();
    }

    void remove(ItemId item) throws InterruptedException {
        var sent = exchange.send(RequestPriority.DETAIL, address, new DeleteItem(item));
        if (!(sent instanceof SendResult.Answered<DeletedItem>(EwsResult.Success<DeletedItem> ignored))) {
            LOG.warn("Failed to remove the message of the canary in {}; the next round tries again", address);
        }
    }
}
