package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsAnswer;
import dev.tidemark.ews.EwsCall;
import java.util.Optional;

/// How one piece of work on a mailbox gets at Exchange: in whose turn, and whether it steps aside when
/// somebody else wants the mailbox. Counts what it sends. Used by one thread.
final class Access {
    private final Job job;
    private final Priority priority;
    private final Optional<OneAtATime> asides;
    private int requests;

    private Access(Job job, Priority priority, Optional<OneAtATime> asides) {
        this.job = job;
        this.priority = priority;
        this.asides = asides;
    }

    static Access of(Job job, Priority priority) {
        return new Access(job, priority, Optional.empty());
    }

    /// For work that can wait: whoever else wants the mailbox does not wait for its turn.
    static Access aside(Job job, Priority priority, OneAtATime asides) {
        return new Access(job, priority, Optional.of(asides));
    }

    <R> Reply<R> ask(EwsCall<R> call) throws InterruptedException {
        try (var turn = enter()) {
            var obstacle = turn.obstacle();
            if (obstacle.isPresent()) {
                return new Reply.Unsent<>(obstacle.get());
            }
            requests++;
            return switch (turn.send(call)) {
                case EwsAnswer.Success<R> success -> new Reply.Got<>(success.value());
                case EwsAnswer.Refused<R> refused -> new Reply.Refused<>(refused.error());
            };
        }
    }

    private ConnectionGate.Turn enter() throws InterruptedException {
        asides.ifPresent(each -> each.waits(job.id()));
        try {
            return job.gate().enter(priority, job.address());
        } finally {
            asides.ifPresent(each -> each.works(job.id()));
        }
    }

    Job job() {
        return job;
    }

    /// Whether it should end soon, because somebody else waits for the mailbox.
    boolean isInTheWay() {
        return asides.filter(each -> each.isAwaited(job.id())).isPresent();
    }

    /// Sent so far.
    int requests() {
        return requests;
    }
}
