package dev.tidemark.subscriber.resync;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.subscriber.connection.ConnectionGate;
import dev.tidemark.subscriber.connection.RequestPriority;
import java.util.Optional;

/// How one piece of work on a mailbox gets at Exchange: in whose turn, and whether it steps aside when
/// somebody else wants the mailbox. Counts what it sends. Used by one thread.
public final class MailboxRequestSender {
    private final MailboxJob job;
    private final RequestPriority priority;
    private final Optional<MailboxLockRegistry> asides;
    private int requests;

    private MailboxRequestSender(MailboxJob job, RequestPriority priority, Optional<MailboxLockRegistry> asides) {
        this.job = job;
        this.priority = priority;
        this.asides = asides;
    }

    public static MailboxRequestSender of(MailboxJob job, RequestPriority priority) {
        return new MailboxRequestSender(job, priority, Optional.empty());
    }

    /// For work that can wait: whoever else wants the mailbox does not wait for its turn.
    public static MailboxRequestSender preemptible(MailboxJob job, RequestPriority priority, MailboxLockRegistry asides) {
        return new MailboxRequestSender(job, priority, Optional.of(asides));
    }

    <R> RequestResult<R> send(EwsCall<R> call) throws InterruptedException {
        try (var turn = awaitTurn()) {
            var obstacle = turn.obstacle();
            if (obstacle.isPresent()) {
                return new RequestResult.Unsent<>(obstacle.get());
            }
            requests++;
            return switch (turn.send(call)) {
                case EwsResult.Success<R> success -> new RequestResult.Got<>(success.value());
                case EwsResult.Refused<R> refused -> new RequestResult.Refused<>(refused.error());
            };
        }
    }

    private ConnectionGate.Turn awaitTurn() throws InterruptedException {
        asides.ifPresent(each -> each.beginWait(job.id()));
        try {
            return job.gate().awaitTurn(priority, job.address());
        } finally {
            asides.ifPresent(each -> each.endWait(job.id()));
        }
    }

    MailboxJob job() {
        return job;
    }

    /// Whether it should end soon, because somebody else waits for the mailbox.
    boolean isContended() {
        return asides.filter(each -> each.isContended(job.id())).isPresent();
    }

    /// Sent so far.
    int requests() {
        return requests;
    }
}
