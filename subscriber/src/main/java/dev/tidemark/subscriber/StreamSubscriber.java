package dev.tidemark.subscriber;

import dev.tidemark.ews.ServerAffinity;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.connection.ExchangeGateway.SendResult;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.SubscribeResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Subscribes the mailboxes of one stream at the server that accepted the first of them. Not thread-safe; used
/// by the worker's thread, except [#needsOtherServer].
final class StreamSubscriber {
    /// Delay after a permanent error of a mailbox. A restart request of the operator usually comes earlier.
    private static final Duration RECHECK = Duration.ofHours(1);

    /// Delay after a permanent error of the connection, whose repair serves all mailboxes.
    private static final Duration CONNECTION_RECHECK = Duration.ofMinutes(10);

    private final StreamMembers members;
    private final SubscriptionRetryPolicy retryPolicy;
    private final FolderResolver resolver;
    private final Clock clock;
    private final Set<MailboxId> refusedByServer = ConcurrentHashMap.newKeySet();
    private Optional<ServerAffinity> affinity = Optional.empty();

    StreamSubscriber(StreamMembers members, SubscriptionRetryPolicy retryPolicy, FolderResolver resolver, Clock clock) {
        this.members = members;
        this.retryPolicy = retryPolicy;
        this.resolver = resolver;
        this.clock = clock;
    }

    /// Subscribes all pending members in alphabetical order, so that the first one is the anchor. Returns false
    /// if Tidemark is stopping.
    boolean subscribePending() throws InterruptedException {
        if (members.subscriptions().isEmpty()) {
            // no subscription is left at the server
            affinity = Optional.empty();
        }
        var pending = members.pending().stream()
                .sorted(Comparator.comparing(member -> member.job().address().value()))
                .toList();
        for (var member : pending) {
            if (!subscribe(member)) {
                return false;
            }
        }
        return true;
    }

    /// Returns whether the server of the other members refused this mailbox. Any thread may call it.
    boolean needsOtherServer(MailboxId mailbox) {
        return refusedByServer.contains(mailbox);
    }

    /// Returns the affinity to the server that has the subscriptions, if any.
    Optional<ServerAffinity> affinity() {
        return affinity;
    }

    private boolean subscribe(StreamMembers.Member member) throws InterruptedException {
        return switch (resolver.folders(MailboxRequestSender.of(member.job(), RequestPriority.SUBSCRIBE))) {
            case RequestResult.Got<List<FolderRef>>(var folders) -> subscribe(member, folders);
            case RequestResult.Refused<List<FolderRef>>(var error) -> {
                members.scheduleRetry(member, onRefusal(member.job(), error));
                yield true;
            }
            case RequestResult.Unsent<List<FolderRef>>(SubscriptionOutcome.RetryAt held) -> {
                members.scheduleRetry(member, held.at());
                yield true;
            }
            case RequestResult.Unsent<List<FolderRef>> ignored -> false;
        };
    }

    private boolean subscribe(StreamMembers.Member member, List<FolderRef> folders) throws InterruptedException {
        var job = member.job();
        var call = new EwsCall.SubscribeStreaming(folders, job.plan().events());
        var serverAffinity = affinity.orElseGet(() -> new ServerAffinity(job.address()));
        return switch (job.gate().subscribe(job.address(), call, serverAffinity)) {
            case SendResult.Answered<SubscribeResult>(var result) -> {
                onResponse(member, result, serverAffinity);
                yield true;
            }
            case SendResult.BackedOff<SubscribeResult> held -> {
                members.scheduleRetry(member, held.until());
                yield true;
            }
            case SendResult.Stopping<SubscribeResult> ignored -> false;
        };
    }

    private void onResponse(
            StreamMembers.Member member, EwsResult<SubscribeResult> result, ServerAffinity serverAffinity) {
        switch (result) {
            case EwsResult.Success<SubscribeResult> success -> {
                affinity = Optional.of(serverAffinity);
                retryPolicy.reset(member.job());
                members.setSubscription(member, success.value().subscriptionId());
            }
            case EwsResult.Refused<SubscribeResult> refused ->
                members.scheduleRetry(member, onRefusal(member.job(), refused.error()));
        }
    }

    /// Returns the time of the next subscribe request.
    private Instant onRefusal(MailboxJob job, EwsError error) {
        return switch (error) {
            case EwsError.FolderGone permanent -> fail(job, permanent, RECHECK);
            case EwsError.PermanentForMailbox permanent -> fail(job, permanent, RECHECK);
            case EwsError.PermanentForConnection permanent -> fail(job, permanent, CONNECTION_RECHECK);
            case EwsError.RetryAfter retry ->
                retryPolicy.scheduleRetry(job, retry, retry.backOff()).at();
            case EwsError.RetryNarrower other -> scheduleRetry(job, other);
            case EwsError.ResubscribeFromWatermark other -> scheduleRetry(job, other);
            case EwsError.ResubscribeAndResync other -> scheduleRetry(job, other);
            case EwsError.DropSyncState other -> scheduleRetry(job, other);
            case EwsError.Rediscover other -> {
                if (affinity.isPresent()) {
                    refusedByServer.add(job.id());
                }
                yield scheduleRetry(job, other);
            }
        };
    }

    private Instant scheduleRetry(MailboxJob job, EwsError error) {
        return retryPolicy.scheduleRetry(job, error).at();
    }

    private Instant fail(MailboxJob job, EwsError error, Duration recheck) {
        retryPolicy.fail(job, error);
        return clock.instant().plus(recheck);
    }

    /// Ends the subscription, best effort. A streaming subscription without a reader times out within half an
    /// hour.
    static void unsubscribe(StreamMembers.Member member) {
        try {
            if (member.subscription().isPresent()) {
                member.job()
                        .gate()
                        .send(
                                RequestPriority.POLL,
                                member.job().address(),
                                new EwsRequest.Unsubscribe(member.subscription().get()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
