package dev.tidemark.daemon.canary;

import dev.tidemark.daemon.config.ConnectionConfigSection.CanarySection;
import dev.tidemark.ews.message.EwsCall.CreateMessage;
import dev.tidemark.ews.message.EwsCall.DeleteItem;
import dev.tidemark.ews.message.EwsCall.DeletedItem;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkPartition;
import dev.tidemark.subscriber.connection.ExchangeGateway;
import dev.tidemark.subscriber.connection.ExchangeGateway.SendResult;
import dev.tidemark.subscriber.connection.RemediationHints;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.values.ItemId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One round of a canary: saves a message, waits for its event in the journal and for the sinks, and removes the
/// message. Blocks its thread until the time limit of the canary. Used once.
///
/// @param partitions number of partitions of each sink
record CanaryRound(
        String connection,
        CanarySection canary,
        CanaryRecord record,
        WatermarkStore store,
        Clock clock,
        CountDownLatch stopped,
        int partitions) {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryRound.class);
    private static final FolderRef FOLDER = new FolderRef.Distinguished("inbox");
    private static final String SUBJECT = "Tidemark canary; removed automatically";
    private static final long POLL_MILLIS = 250;

    /// Limit of journal entries of the mailbox that one poll reads.
    private static final int MAX_ENTRIES = 200;

    /// @param mailboxLookup returns nothing if the store does not know the canary's mailbox
    void run(Supplier<Optional<ExchangeGateway>> gateway, Supplier<Optional<Mailbox>> mailboxLookup) {
        try {
            var exchange = gateway.get();
            var mailbox = mailboxLookup.get();
            if (exchange.isPresent() && mailbox.isPresent()) {
                run(exchange.get(), mailbox.get().id());
            } else {
                fail(CanaryRecord.REFUSED, canary.mailbox() + " is not enrolled", "name it in mailboxes of a group");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            reportUnmeasured(e);
        } finally {
            record.end();
        }
    }

    /// Logs a failure of the store. During a stop, the store is closing, and the failure is expected.
    private void reportUnmeasured(RuntimeException failure) {
        if (stopped.getCount() > 0) {
            LOG.warn("Failed to measure the canary of connection {}: {}", connection, failure.toString());
        } else {
            LOG.debug("Skipped the canary of connection {} during the stop", connection, failure);
        }
    }

    private void run(ExchangeGateway exchange, MailboxId mailbox) throws InterruptedException {
        switch (exchange.send(RequestPriority.DETAIL, canary.mailbox(), new CreateMessage(FOLDER, SUBJECT))) {
            case SendResult.Answered<ItemId>(EwsResult.Success<ItemId>(ItemId item)) -> {
                try {
                    // from the response, because the request may have waited for other requests
                    measure(mailbox, item, clock.instant());
                } finally {
                    remove(exchange, item);
                }
            }
            case SendResult.Answered<ItemId>(EwsResult.Refused<ItemId>(EwsError error)) ->
                fail(
                        CanaryRecord.REFUSED,
                        RemediationHints.cause(error),
                        RemediationHints.remedy(error)
                                .orElse("let the account of the connection create items in the inbox of "
                                        + canary.mailbox()));
            case SendResult.BackedOff<ItemId> backedOff ->
                fail(CanaryRecord.REFUSED, backedOff.reason(), "none; the next round follows the back-off");
            case SendResult.Stopping<ItemId> ignored ->
                LOG.debug("Tidemark is stopping; skipped a round of the canary of connection {}", connection);
        }
    }

    private void measure(MailboxId mailbox, ItemId item, Instant began) throws InterruptedException {
        var limit = began.plus(canary.overdueAfter());
        var event = awaitEvent(mailbox, item, limit);
        if (event.isPresent()) {
            record.recordArrival(
                    connection,
                    event.get().recordedAt(),
                    since(began, event.get().recordedAt()));
            awaitDeliveries(event.get(), began, limit);
        } else if (stopped.getCount() > 0) {
            fail(
                    CanaryRecord.OVERDUE,
                    "no event arrived within " + canary.overdueAfter().toSeconds() + " s for an item that was saved in "
                            + canary.mailbox(),
                    "run 'tidemark mailboxes show " + canary.mailbox() + "', then 'tidemark check --connect'");
        }
    }

    private void fail(String state, String reason, String remedy) {
        record.recordFailure(connection, state, clock.instant(), reason, remedy);
    }

    private Optional<JournalEvent> awaitEvent(MailboxId mailbox, ItemId item, Instant limit)
            throws InterruptedException {
        var found = Optional.<JournalEvent>empty();
        do {
            found = store.journal().newest(mailbox, event -> concerns(event, item), 1, MAX_ENTRIES).stream()
                    .findFirst();
        } while (found.isEmpty() && waits(limit));
        return found;
    }

    private static boolean concerns(JournalEvent event, ItemId item) {
        return event.data() instanceof EventData.Change change
                && change.target().id().equals(item.id());
    }

    /// Returns true after a pause, or false at once if the limit has passed or Tidemark stops.
    private boolean waits(Instant limit) throws InterruptedException {
        return clock.instant().isBefore(limit) && !stopped.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void awaitDeliveries(JournalEvent event, Instant began, Instant limit) throws InterruptedException {
        var waiting = new ArrayList<>(record.sinks());
        var progress = new SinkProgress(store.deliveries().of(partitionOf(event)), event);
        do {
            for (var sink : record.sinks()) {
                if (waiting.contains(sink) && progress.isDone(sink)) {
                    waiting.remove(sink);
                    record.recordDelivery(sink, since(began, clock.instant()));
                }
            }
        } while (!waiting.isEmpty() && waits(limit));
    }

    private SinkPartition partitionOf(JournalEvent event) {
        return SinkPartition.of(event.source().lane(), partitions);
    }

    /// Returns the duration, or zero if the clock was set back.
    private static Duration since(Instant began, Instant end) {
        return end.isBefore(began) ? Duration.ZERO : Duration.between(began, end);
    }

    private void remove(ExchangeGateway exchange, ItemId item) throws InterruptedException {
        var sent = exchange.send(RequestPriority.DETAIL, canary.mailbox(), new DeleteItem(item));
        if (!(sent instanceof SendResult.Answered<DeletedItem>(EwsResult.Success<DeletedItem> ignored))) {
            LOG.warn(
                    "Failed to remove the message of the canary in {}; delete it there: \"{}\"",
                    canary.mailbox(),
                    SUBJECT);
        }
    }
}
