package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsAnswer;
import dev.tidemark.ews.EwsCall;
import dev.tidemark.ews.EwsError;
import dev.tidemark.ews.EwsRequest;
import dev.tidemark.ews.FolderRef;
import dev.tidemark.ews.ServerAffinity;
import dev.tidemark.values.Subscribed;
import dev.tidemark.watermark.MailboxId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Subscribes the mailboxes of one stream, all by the server that took the first of them. The line's thread
/// does it.
final class Boarding {
    /// What a person has to mend is asked for again by whoever mended it, but may have been forgotten.
    private static final Duration RECHECK = Duration.ofHours(1);

    /// A connection is mended for all its mailboxes at once.
    private static final Duration CONNECTION_RECHECK = Duration.ofMinutes(10);

    private final Riders riders;
    private final Setbacks setbacks;
    private final FolderFinder finder;
    private final Clock clock;
    private final Set<MailboxId> misfits = ConcurrentHashMap.newKeySet();
    private Optional<ServerAffinity> affinity = Optional.empty();

    Boarding(Riders riders, Setbacks setbacks, FolderFinder finder, Clock clock) {
        this.riders = riders;
        this.setbacks = setbacks;
        this.finder = finder;
        this.clock = clock;
    }

    /// Subscribes those who have no subscription, by the alphabet, so that the first one is the anchor.
    /// Returns whether Tidemark goes on.
    boolean all() throws InterruptedException {
        if (riders.subscriptions().isEmpty()) {
            // whatever server it was, nothing is left there
            affinity = Optional.empty();
        }
        var pending = riders.pending().stream()
                .sorted(Comparator.comparing(rider -> rider.job().address().value()))
                .toList();
        for (var rider : pending) {
            if (!subscribe(rider)) {
                return false;
            }
        }
        return true;
    }

    /// Whether the server that the others are on has no business with this mailbox. Any thread may ask.
    boolean isMisfit(MailboxId mailbox) {
        return misfits.contains(mailbox);
    }

    /// The server that has the subscriptions, once there are some.
    Optional<ServerAffinity> affinity() {
        return affinity;
    }

    private boolean subscribe(Riders.Rider rider) throws InterruptedException {
        return switch (finder.folders(Access.of(rider.job(), Priority.SUBSCRIBE))) {
            case Reply.Got<List<FolderRef>>(var folders) -> subscribe(rider, folders);
            case Reply.Refused<List<FolderRef>>(var error) -> {
                riders.tryAgain(rider, refused(rider.job(), error));
                yield true;
            }
            case Reply.Unsent<List<FolderRef>>(Outcome.RetryAt held) -> {
                riders.tryAgain(rider, held.at());
                yield true;
            }
            case Reply.Unsent<List<FolderRef>> ignored -> false;
        };
    }

    private boolean subscribe(Riders.Rider rider, List<FolderRef> folders) throws InterruptedException {
        var job = rider.job();
        var call = new EwsCall.SubscribeStreaming(folders, job.plan().events());
        var together = affinity.orElseGet(() -> new ServerAffinity(job.address()));
        return switch (job.gate().subscribe(job.address(), call, together)) {
            case Sent.Answered<Subscribed>(var answer) -> {
                answered(rider, answer, together);
                yield true;
            }
            case Sent.HeldBack<Subscribed> held -> {
                riders.tryAgain(rider, held.until());
                yield true;
            }
            case Sent.Stopping<Subscribed> ignored -> false;
        };
    }

    private void answered(Riders.Rider rider, EwsAnswer<Subscribed> answer, ServerAffinity together) {
        switch (answer) {
            case EwsAnswer.Success<Subscribed> success -> {
                affinity = Optional.of(together);
                setbacks.over(rider.job());
                riders.subscribed(rider, success.value().subscriptionId());
            }
            case EwsAnswer.Refused<Subscribed> refused -> riders.tryAgain(rider, refused(rider.job(), refused.error()));
        }
    }

    /// When to subscribe it again.
    private Instant refused(Job job, EwsError error) {
        return switch (error) {
            case EwsError.FolderGone permanent -> givenUp(job, permanent, RECHECK);
            case EwsError.PermanentForMailbox permanent -> givenUp(job, permanent, RECHECK);
            case EwsError.PermanentForConnection permanent -> givenUp(job, permanent, CONNECTION_RECHECK);
            case EwsError.RetryAfter retry ->
                setbacks.again(job, retry, retry.backOff()).at();
            case EwsError.RetryNarrower other -> again(job, other);
            case EwsError.ResubscribeFromWatermark other -> again(job, other);
            case EwsError.ResubscribeAndResync other -> again(job, other);
            case EwsError.DropSyncState other -> again(job, other);
            case EwsError.Rediscover other -> {
                if (affinity.isPresent()) {
                    misfits.add(job.id());
                }
                yield again(job, other);
            }
        };
    }

    private Instant again(Job job, EwsError error) {
        return setbacks.again(job, error).at();
    }

    private Instant givenUp(Job job, EwsError error, Duration recheck) {
        setbacks.permanent(job, error);
        return clock.instant().plus(recheck);
    }

    /// Best effort: a streaming subscription that nobody reads dies by itself within half an hour.
    static void unsubscribe(Riders.Rider rider) {
        try {
            if (rider.subscription().isPresent()) {
                rider.job()
                        .gate()
                        .send(
                                Priority.POLL,
                                rider.job().address(),
                                new EwsRequest.Unsubscribe(rider.subscription().get()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
