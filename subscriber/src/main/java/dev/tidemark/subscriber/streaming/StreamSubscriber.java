package dev.tidemark.subscriber.streaming;

import dev.tidemark.ews.ServerAffinity;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.connection.SendResult;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.subscriber.resync.FolderResolver;
import dev.tidemark.subscriber.resync.MailboxJob;
import dev.tidemark.subscriber.resync.MailboxRequestSender;
import dev.tidemark.subscriber.resync.RequestResult;
import dev.tidemark.subscriber.resync.SubscriptionRetryPolicy;
import dev.tidemark.values.SubscribeResult;
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
final class StreamSubscriber {
    /// What a person has to mend is asked for again by whoever mended it, but may have been forgotten.
    private static final Duration RECHECK = Duration.ofHours(1);

    /// A connection is mended for all its mailboxes at once.
    private static final Duration CONNECTION_RECHECK = Duration.ofMinutes(10);

    private final StreamMembers riders;
    private final SubscriptionRetryPolicy setbacks;
    private final FolderResolver finder;
    private final Clock clock;
    private final Set<MailboxId> misfits = ConcurrentHashMap.newKeySet();
    private Optional<ServerAffinity> affinity = Optional.empty();

    StreamSubscriber(StreamMembers riders, SubscriptionRetryPolicy setbacks, FolderResolver finder, Clock clock) {
        this.riders = riders;
        this.setbacks = setbacks;
        this.finder = finder;
        this.clock = clock;
    }

    /// Subscribes those who have no subscription, by the alphabet, so that the first one is the anchor.
    /// Returns whether Tidemark goes on.
    boolean subscribePending() throws InterruptedException {
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
    boolean needsOtherServer(MailboxId mailbox) {
        return misfits.contains(mailbox);
    }

    /// The server that has the subscriptions, once there are some.
    Optional<ServerAffinity> affinity() {
        return affinity;
    }

    private boolean subscribe(StreamMembers.Member rider) throws InterruptedException {
        return switch (finder.folders(MailboxRequestSender.of(rider.job(), RequestPriority.SUBSCRIBE))) {
            case RequestResult.Got<List<FolderRef>>(var folders) -> subscribe(rider, folders);
            case RequestResult.Refused<List<FolderRef>>(var error) -> {
                riders.scheduleRetry(rider, onRefusal(rider.job(), error));
                yield true;
            }
            case RequestResult.Unsent<List<FolderRef>>(SubscriptionOutcome.RetryAt held) -> {
                riders.scheduleRetry(rider, held.at());
                yield true;
            }
            case RequestResult.Unsent<List<FolderRef>> ignored -> false;
        };
    }

    private boolean subscribe(StreamMembers.Member rider, List<FolderRef> folders) throws InterruptedException {
        var job = rider.job();
        var call = new EwsCall.SubscribeStreaming(folders, job.plan().events());
        var together = affinity.orElseGet(() -> new ServerAffinity(job.address()));
        return switch (job.gate().subscribe(job.address(), call, together)) {
            case SendResult.Answered<SubscribeResult>(var answer) -> {
                onResponse(rider, answer, together);
                yield true;
            }
            case SendResult.BackedOff<SubscribeResult> held -> {
                riders.scheduleRetry(rider, held.until());
                yield true;
            }
            case SendResult.Stopping<SubscribeResult> ignored -> false;
        };
    }

    private void onResponse(StreamMembers.Member rider, EwsResult<SubscribeResult> answer, ServerAffinity together) {
        switch (answer) {
            case EwsResult.Success<SubscribeResult> success -> {
                affinity = Optional.of(together);
                setbacks.reset(rider.job());
                riders.setSubscription(rider, success.value().subscriptionId());
            }
            case EwsResult.Refused<SubscribeResult> refused ->
                riders.scheduleRetry(rider, onRefusal(rider.job(), refused.error()));
        }
    }

    /// When to subscribe it again.
    private Instant onRefusal(MailboxJob job, EwsError error) {
        return switch (error) {
            case EwsError.FolderGone permanent -> fail(job, permanent, RECHECK);
            case EwsError.PermanentForMailbox permanent -> fail(job, permanent, RECHECK);
            case EwsError.PermanentForConnection permanent -> fail(job, permanent, CONNECTION_RECHECK);
            case EwsError.RetryAfter retry ->
                setbacks.scheduleRetry(job, retry, retry.backOff()).at();
            case EwsError.RetryNarrower other -> scheduleRetry(job, other);
            case EwsError.ResubscribeFromWatermark other -> scheduleRetry(job, other);
            case EwsError.ResubscribeAndResync other -> scheduleRetry(job, other);
            case EwsError.DropSyncState other -> scheduleRetry(job, other);
            case EwsError.Rediscover other -> {
                if (affinity.isPresent()) {
                    misfits.add(job.id());
                }
                yield scheduleRetry(job, other);
            }
        };
    }

    private Instant scheduleRetry(MailboxJob job, EwsError error) {
        return setbacks.scheduleRetry(job, error).at();
    }

    private Instant fail(MailboxJob job, EwsError error, Duration recheck) {
        setbacks.fail(job, error);
        return clock.instant().plus(recheck);
    }

    /// Best effort: a streaming subscription that nobody reads dies by itself within half an hour.
    static void unsubscribe(StreamMembers.Member rider) {
        try {
            if (rider.subscription().isPresent()) {
                rider.job()
                        .gate()
                        .send(
                                RequestPriority.POLL,
                                rider.job().address(),
                                new EwsRequest.Unsubscribe(rider.subscription().get()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
