package dev.tidemark.daemon.canary;

import dev.tidemark.daemon.config.ConnectionConfigSection.CanarySection;
import dev.tidemark.ews.message.EwsCall.CreateMessage;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.SinkName;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
        int partitions,
        PathLookup path) {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryRound.class);
    private static final FolderRef FOLDER = new FolderRef.Distinguished("inbox");
    private static final long POLL_MILLIS = 250;

    /// Limit of journal entries of the mailbox that one poll reads.
    private static final int MAX_ENTRIES = 200;

    /// Looks up the current state of the path that the round measures.
    interface PathLookup {
        /// Returns the gateway of the connection; empty if it is not configured.
        Optional<ExchangeGateway> gateway();

        /// Returns the canary's mailbox; empty if the store does not know it.
        Optional<Mailbox> mailbox();

        /// Returns true if an operator paused the connection.
        boolean isConnectionPaused();
    }

    void run() {
        try {
            var exchange = path.gateway();
            var mailbox = path.mailbox();
            if (isPaused()) {
                record.recordPause();
            } else if (exchange.isPresent() && mailbox.isPresent()) {
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

    private boolean isPaused() {
        return path.isConnectionPaused()
                || path.mailbox()
                        .filter(mailbox -> mailbox.state() instanceof MailboxState.Paused)
                        .isPresent();
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
        var cleaner = new CanaryCleaner(store.journal(), exchange, canary.mailbox());
        cleaner.removeLeft(mailbox);
        var create = new CreateMessage(FOLDER, CanaryCleaner.SUBJECT);
        switch (exchange.send(RequestPriority.DETAIL, canary.mailbox(), create)) {
            case SendResult.Answered<ItemId>(EwsResult.Success<ItemId>(ItemId item)) -> {
                try {
                    // from the response, because the request may have waited for other requests
                    measure(mailbox, item, clock.instant());
                } finally {
                    cleaner.remove(item);
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

    /// Records a failure, unless an operator paused the path, which explains it.
    private void fail(String state, String reason, String remedy) {
        if (isPaused()) {
            record.recordPause();
        } else {
            record.recordFailure(connection, state, clock.instant(), reason, remedy);
        }
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

    /// Waits until each sink has the event. A sink that waits for an operator does not count.
    private void awaitDeliveries(JournalEvent event, Instant began, Instant limit) throws InterruptedException {
        var progress = new SinkProgress(store.deliveries().of(partitionOf(event)), event);
        var waiting = new ArrayList<>(record.sinks());
        do {
            waiting.retainAll(record.sinks());
            waiting.removeIf(progress::isDisabled);
            for (var sink : List.copyOf(waiting)) {
                if (progress.isDone(sink)) {
                    waiting.remove(sink);
                    record.recordDelivery(sink, since(began, clock.instant()));
                }
            }
        } while (!waiting.isEmpty() && waits(limit));
        if (waiting.isEmpty()) {
            record.recordSuccess(connection);
        } else if (stopped.getCount() > 0) {
            failUndelivered(waiting);
        }
    }

    private void failUndelivered(List<SinkName> sinks) {
        var names = sinks.stream().map(SinkName::value).collect(Collectors.joining(", "));
        fail(
                CanaryRecord.UNDELIVERED,
                "the event is in the journal, but after "
                        + canary.overdueAfter().toSeconds() + " s these sinks have not delivered it: " + names,
                "run 'tidemark sinks list', which shows state and remedy of each sink");
    }

    private SinkPartition partitionOf(JournalEvent event) {
        return SinkPartition.of(event.source().lane(), partitions);
    }

    /// Returns the duration, or zero if the clock was set back.
    private static Duration since(Instant began, Instant end) {
        return end.isBefore(began) ? Duration.ZERO : Duration.between(began, end);
    }
}
