package dev.tidemark.subscriber.streaming;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.subscriber.resync.PollResult;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for what no stream told the mailboxes of one line: what was before it, and what was lost with the
/// one before. Who was looked at longest ago comes first, so that short streams leave nobody out for ever;
/// one that has to wait keeps nobody else waiting. Safe for use by many threads.
final class StreamGapFiller {
    private static final Logger log = LoggerFactory.getLogger(StreamGapFiller.class);

    private static final Comparator<PendingPoll> ORDER = Comparator.comparing(PendingPoll::notBefore)
            .thenComparing(PendingPoll::last)
            .thenComparing(PendingPoll::mailbox);

    private final Supplier<List<MailboxId>> riders;
    private final Function<MailboxId, PollResult> look;
    private final StreamStats tally;
    private final Clock clock;
    private final Map<MailboxId, Instant> lookedAt = new ConcurrentHashMap<>();

    /// A look that is to be had, and when the last one was.
    private record PendingPoll(MailboxId mailbox, Instant notBefore, Instant last) {
        PendingPoll later(Instant moment) {
            return new PendingPoll(mailbox, moment, last);
        }
    }

    /// Waits until then, or for an end.
    interface Pause {
        void until(Instant moment) throws InterruptedException;
    }

    /// @param riders who is to be looked at
    StreamGapFiller(
            Supplier<List<MailboxId>> riders, Function<MailboxId, PollResult> look, StreamStats tally, Clock clock) {
        this.riders = riders;
        this.look = look;
        this.tally = tally;
        this.clock = clock;
    }

    /// Looks at every mailbox once, for as long as it `goesOn`.
    void fill(BooleanSupplier goesOn, Pause rest) {
        var left = pendingPolls();
        try {
            while (!left.isEmpty() && goesOn.getAsBoolean()) {
                var next = left.remove();
                if (next.notBefore().isAfter(clock.instant())) {
                    rest.until(next.notBefore());
                    left.add(next.later(Instant.MIN));
                } else {
                    pollOrDefer(next).ifPresent(left::add);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Returns the look that is to be had instead, if this one was refused for now.
    private Optional<PendingPoll> pollOrDefer(PendingPoll one) {
        var polled = poll(one.mailbox());
        if (polled.isPresent() && polled.get().cut().orElse(null) instanceof SubscriptionOutcome.RetryAt retry) {
            return Optional.of(one.later(retry.at()));
        }
        lookedAt.put(one.mailbox(), clock.instant());
        return Optional.empty();
    }

    /// What goes wrong with one mailbox must not keep the others from being looked at.
    private Optional<PollResult> poll(MailboxId mailbox) {
        try {
            var polled = look.apply(mailbox);
            tally.addFound(polled.found());
            return Optional.of(polled);
        } catch (RuntimeException e) {
            log.error("{} could not be looked at; the next stream has it done again", mailbox, e);
            return Optional.empty();
        }
    }

    private PriorityQueue<PendingPoll> pendingPolls() {
        var mailboxes = riders.get();
        lookedAt.keySet().retainAll(mailboxes);
        var looks = new PriorityQueue<PendingPoll>(ORDER);
        mailboxes.forEach(
                each -> looks.add(new PendingPoll(each, Instant.MIN, lookedAt.getOrDefault(each, Instant.MIN))));
        return looks;
    }
}
