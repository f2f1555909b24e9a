package dev.tidemark.subscriber;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Polls the mailboxes of one stream for changes before it, and for changes lost with the stream before. Starts
/// with the mailbox whose last poll is oldest, so short streams reach all. A mailbox that has to wait does not
/// delay others. Called by one thread per open stream. Thread-safe.
final class StreamGapFiller {
    private static final Logger log = LoggerFactory.getLogger(StreamGapFiller.class);

    private static final Comparator<PendingPoll> ORDER = Comparator.comparing(PendingPoll::notBefore)
            .thenComparing(PendingPoll::last)
            .thenComparing(PendingPoll::mailbox);

    private final MemberList members;
    private final StreamCoordinator.MailboxPoller poller;
    private final StreamStats stats;
    private final Clock clock;
    private final Map<MailboxId, Instant> polledAt = new ConcurrentHashMap<>();

    /// Lists the mailboxes of a stream.
    @FunctionalInterface
    interface MemberList {
        List<MailboxId> mailboxes();
    }

    /// Pending poll, and the time of the last one.
    private record PendingPoll(MailboxId mailbox, Instant notBefore, Instant last) {
        PendingPoll later(Instant instant) {
            return new PendingPoll(mailbox, instant, last);
        }
    }

    /// Waits until an instant, or until the stream ends.
    interface Pause {
        void until(Instant instant) throws InterruptedException;
    }

    /// Creates a filler.
    ///
    /// @param members mailboxes to poll
    StreamGapFiller(MemberList members, StreamCoordinator.MailboxPoller poller, StreamStats stats, Clock clock) {
        this.members = members;
        this.poller = poller;
        this.stats = stats;
        this.clock = clock;
    }

    /// Polls every mailbox once, while `isWanted` is true.
    void fill(BooleanSupplier isWanted, Pause pause) {
        var remaining = pendingPolls();
        try {
            while (!remaining.isEmpty() && isWanted.getAsBoolean()) {
                var next = remaining.remove();
                if (next.notBefore().isAfter(clock.instant())) {
                    pause.until(next.notBefore());
                    remaining.add(next.later(Instant.MIN));
                } else {
                    pollOrDefer(next).ifPresent(remaining::add);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Polls a mailbox. Returns a later poll if this one was refused for now.
    private Optional<PendingPoll> pollOrDefer(PendingPoll pending) {
        var polled = poll(pending.mailbox());
        if (polled.isPresent()
                && polled.get().interruption().orElse(null) instanceof SubscriptionOutcome.RetryAt retry) {
            return Optional.of(pending.later(retry.at()));
        }
        polledAt.put(pending.mailbox(), clock.instant());
        return Optional.empty();
    }

    /// Polls a mailbox. A failure must not prevent the polls of others.
    private Optional<PollResult> poll(MailboxId mailbox) {
        try {
            var polled = poller.poll(mailbox);
            stats.addFound(polled.found());
            return Optional.of(polled);
        } catch (RuntimeException e) {
            log.error("Failed to poll {}; retrying with the next stream", mailbox, e);
            return Optional.empty();
        }
    }

    private PriorityQueue<PendingPoll> pendingPolls() {
        var mailboxes = members.mailboxes();
        polledAt.keySet().retainAll(mailboxes);
        var polls = new PriorityQueue<PendingPoll>(ORDER);
        mailboxes.forEach(
                each -> polls.add(new PendingPoll(each, Instant.MIN, polledAt.getOrDefault(each, Instant.MIN))));
        return polls;
    }
}
