package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.subscriber.connection.ConnectionGate;
import dev.tidemark.subscriber.connection.RequestPriority;
import java.util.Optional;

/// Sends the requests of one job, with its priority, and counts them. A preemptible sender lets other jobs of
/// the mailbox interrupt its waits. Not thread-safe; used by the job's thread.
final class MailboxRequestSender {
    private final MailboxJob job;
    private final RequestPriority priority;
    private final Optional<MailboxLockRegistry> locks;
    private int requests;

    private MailboxRequestSender(MailboxJob job, RequestPriority priority, Optional<MailboxLockRegistry> locks) {
        this.job = job;
        this.priority = priority;
        this.locks = locks;
    }

    public static MailboxRequestSender of(MailboxJob job, RequestPriority priority) {
        return new MailboxRequestSender(job, priority, Optional.empty());
    }

    /// Creates a sender for work that can wait: other jobs of the mailbox do not wait for its turns.
    public static MailboxRequestSender preemptible(
            MailboxJob job, RequestPriority priority, MailboxLockRegistry locks) {
        return new MailboxRequestSender(job, priority, Optional.of(locks));
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
        locks.ifPresent(each -> each.beginWait(job.id()));
        try {
            return job.gate().awaitTurn(priority, job.address());
        } finally {
            locks.ifPresent(each -> each.endWait(job.id()));
        }
    }

    MailboxJob job() {
        return job;
    }

    /// Returns whether the job should end soon, because another job waits for the mailbox.
    boolean isContended() {
        return locks.filter(each -> each.isContended(job.id())).isPresent();
    }

    /// Returns the number of requests sent.
    int requests() {
        return requests;
    }
}
