package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.subscriber.config.WatchedFolders;
import dev.tidemark.subscriber.connection.EwsErrorTraits;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.SubscribeResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes attempts to subscribe. Sends no Unsubscribe: an older subscription continues until the new one is
/// granted, and the response to its next callback ends it. Called on the job's thread. Thread-safe.
final class SubscribeAttemptRunner {
    private static final Logger log = LoggerFactory.getLogger(SubscribeAttemptRunner.class);

    /// Tolerance for the end of a lost subscription after its status frequency.
    private static final Duration END_TOLERANCE = Duration.ofMinutes(1);

    private final WatermarkStore store;
    private final CallbackUrlFactory urls;
    private final StalenessPolicy staleness;
    private final SubscriptionRetryPolicy retryPolicy;
    private final MailboxFailureTracker failures;
    private final FolderResolver resolver;
    private final Clock clock;

    /// Parts of a subscriber that attempts use.
    record Collaborators(
            StalenessPolicy staleness,
            SubscriptionRetryPolicy retryPolicy,
            MailboxFailureTracker failures,
            FolderResolver resolver) {}

    SubscribeAttemptRunner(WatermarkStore store, CallbackUrlFactory urls, Collaborators collaborators, Clock clock) {
        this.store = store;
        this.urls = urls;
        this.staleness = collaborators.staleness();
        this.retryPolicy = collaborators.retryPolicy();
        this.failures = collaborators.failures();
        this.resolver = collaborators.resolver();
        this.clock = clock;
    }

    /// Attempt in progress.
    private record Attempt(
            MailboxJob job, AttemptId id, StartingPoint start, List<FolderRef> folders, Instant sentAt) {}

    /// Makes one attempt. [SubscriptionOutcome.Subscribed] covers the subscription only; the store has a pending
    /// resync.
    SubscriptionOutcome run(MailboxJob job, StartingPoint start) throws InterruptedException {
        return switch (resolver.folders(MailboxRequestSender.of(job, RequestPriority.SUBSCRIBE))) {
            case RequestResult.Got<List<FolderRef>>(var folders) -> run(job, start, folders);
            case RequestResult.Refused<List<FolderRef>>(var error) -> retryPolicy.onRefusal(job, error);
            case RequestResult.Unsent<List<FolderRef>>(var outcome) -> outcome;
        };
    }

    private SubscriptionOutcome run(MailboxJob job, StartingPoint start, List<FolderRef> folders)
            throws InterruptedException {
        Attempt attempt;
        EwsResult<SubscribeResult> result;
        try (var turn = job.gate().awaitTurn(RequestPriority.SUBSCRIBE, job.address())) {
            var obstacle = turn.obstacle();
            if (obstacle.isPresent()) {
                return obstacle.get();
            }
            attempt = begin(job, upToDate(job, start), folders);
            result = turn.send(request(attempt));
            if (EwsErrorTraits.isStale(result)) {
                // Exchange may have granted it, so the new request is a separate attempt
                failures.recordLostResponse(job.id(), attempt.sentAt());
                attempt = begin(job, upToDate(job, start), folders);
                result = turn.sendOnNewConnection(request(attempt));
            }
        }
        return switch (result) {
            case EwsResult.Success<SubscribeResult> success -> onGranted(attempt, success.value());
            case EwsResult.Refused<SubscribeResult> refused -> onRefusal(attempt, refused.error());
        };
    }

    /// Returns the current starting point. While the job waited for its turn, a live subscription may have moved
    /// or created the watermark.
    private StartingPoint upToDate(MailboxJob job, StartingPoint start) {
        return start instanceof StartingPoint.WithoutWatermark
                ? start
                : store.mailboxes()
                        .find(job.id())
                        .map(mailbox -> staleness.startingPoint(mailbox, clock))
                        .orElse(start);
    }

    private Attempt begin(MailboxJob job, StartingPoint start, List<FolderRef> folders) {
        var plan = job.plan();
        var id = store.subscriptions().begin(job.id(), job.reason(), plan.fingerprint(), start.watermark());
        log.debug("Subscribing {} for {}, attempt {}, {}", job.address(), job.reason(), id.number(), start);
        return new Attempt(job, id, start, folders, clock.instant());
    }

    private EwsRequest.SubscribePush request(Attempt attempt) {
        var plan = attempt.job().plan();
        return new EwsRequest.SubscribePush(
                attempt.folders(),
                plan.events(),
                attempt.start().watermark(),
                plan.statusFrequency(),
                urls.urlFor(attempt.id(), plan.name()));
    }

    private SubscriptionOutcome onGranted(Attempt attempt, SubscribeResult result) {
        if (!store.subscriptions().confirm(attempt.id(), result, missedSince(attempt))) {
            return new SubscriptionOutcome.Skipped("another attempt was granted first");
        }
        retryPolicy.reset(attempt.job());
        log.debug("Subscribed {} for {}", attempt.job().address(), attempt.job().reason());
        return new SubscriptionOutcome.Subscribed();
    }

    private Optional<Instant> missedSince(Attempt attempt) {
        return switch (attempt.start()) {
            case StartingPoint.FromWatermark ignored -> Optional.empty();
            case StartingPoint.WithoutWatermark resync -> Optional.of(resync.since());
            case StartingPoint.Probe ignored -> Optional.empty();
            // an earlier request may have been granted without a response, and have had events
            case StartingPoint.FirstTime ignored ->
                failures.firstLostResponse(attempt.job().id());
        };
    }

    private SubscriptionOutcome onRefusal(Attempt attempt, EwsError error) throws InterruptedException {
        if (EwsErrorTraits.isCausedByTidemark(error)) {
            // the attempt stays valid and counts if Exchange calls back
            return new SubscriptionOutcome.Skipped("Tidemark is stopping");
        }
        if (EwsErrorTraits.isLostResponse(error)) {
            var live = confirmedBy(attempt);
            if (live.isPresent()) {
                return onGrantedWithoutResponse(attempt, live.get());
            }
            failures.recordLostResponse(attempt.job().id(), attempt.sentAt());
        }
        return switch (error) {
            case EwsError.ResubscribeFromWatermark other -> abandon(attempt, other, Optional.empty(), true);
            case EwsError.ResubscribeAndResync other ->
                attempt.start() instanceof StartingPoint.FromWatermark
                        ? runWithoutWatermark(attempt, other)
                        : abandon(attempt, other, Optional.empty(), true);
            case EwsError.RetryAfter retry -> retryOrFail(attempt, retry, requestedWait(attempt, retry));
            case EwsError.RetryNarrower other -> abandon(attempt, other, Optional.empty(), false);
            case EwsError.DropSyncState other -> abandon(attempt, other, Optional.empty(), false);
            // autodiscover runs before the next attempt
            case EwsError.Rediscover other -> retryOrFail(attempt, other, Optional.empty());
            case EwsError.FolderGone gone -> onFolderGone(attempt, gone);
            case EwsError.PermanentForMailbox permanent -> retryPolicy.fail(attempt.job(), permanent);
            case EwsError.PermanentForConnection permanent -> retryPolicy.fail(attempt.job(), permanent);
        };
    }

    private SubscriptionOutcome retryOrFail(Attempt attempt, EwsError error, Optional<Duration> requestedWait) {
        return retryPolicy.hasFailedTooOften(attempt.job(), error)
                ? retryPolicy.fail(attempt.job(), error)
                : abandon(attempt, error, requestedWait, false);
    }

    /// Resolves paths again before the next attempt: the folder may have been replaced. Without paths, the error
    /// is permanent.
    private SubscriptionOutcome onFolderGone(Attempt attempt, EwsError.FolderGone error) {
        var job = attempt.job();
        if (job.plan().watched() instanceof WatchedFolders.Some(var named, var paths) && !paths.isEmpty()) {
            resolver.forget(job.id());
            return abandon(attempt, error, Optional.empty(), false);
        }
        return retryPolicy.fail(job, error);
    }

    private static Optional<Duration> requestedWait(Attempt attempt, EwsError.RetryAfter error) {
        return EwsErrorTraits.isTooManySubscriptions(error)
                ? Optional.of(attempt.job().plan().statusFrequency().plus(END_TOLERANCE))
                : error.backOff();
    }

    /// Returns the mailbox if the attempt has called back, which proves that it was granted.
    private Optional<Mailbox> confirmedBy(Attempt attempt) {
        return store.mailboxes()
                .find(attempt.job().id())
                .filter(mailbox -> mailbox.live().filter(attempt.id()::equals).isPresent());
    }

    private SubscriptionOutcome onGrantedWithoutResponse(Attempt attempt, Mailbox mailbox) {
        log.debug(
                "Attempt {} of {} has no response but called back", attempt.id().number(), mailbox.address());
        return mailbox.subscriptionId()
                .map(id -> onGranted(attempt, new SubscribeResult(id, Optional.empty())))
                .orElseGet(SubscriptionOutcome.Subscribed::new);
    }

    /// Subscribes without the watermark. The new attempt supersedes the refused one.
    private SubscriptionOutcome runWithoutWatermark(Attempt refused, EwsError.ResubscribeAndResync error)
            throws InterruptedException {
        var job = refused.job();
        log.info("Exchange refused the watermark of {}; subscribing without it: {}", job.address(), error.code());
        var mailbox = store.mailboxes().find(job.id());
        return mailbox.isEmpty()
                ? new SubscriptionOutcome.Skipped("the mailbox was removed")
                : run(
                        job,
                        staleness.withoutWatermark(mailbox.get(), error.code().value()));
    }

    private SubscriptionOutcome abandon(
            Attempt attempt, EwsError error, Optional<Duration> requestedWait, boolean watermarkFailed) {
        var retry = retryPolicy.scheduleRetry(attempt.job(), error, requestedWait);
        var resync = attempt.start() instanceof StartingPoint.WithoutWatermark;
        var next = new PendingCompensation(attempt.job().reason(), retry.at(), resync, error.text());
        store.subscriptions().abandon(attempt.id(), SubscriptionRetryPolicy.describe(error), watermarkFailed, next);
        return retry;
    }
}
