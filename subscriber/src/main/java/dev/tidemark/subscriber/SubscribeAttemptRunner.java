package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.subscriber.connection.EwsErrorTraits;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.subscriber.resync.FolderResolver;
import dev.tidemark.subscriber.resync.MailboxFailureTracker;
import dev.tidemark.subscriber.resync.MailboxJob;
import dev.tidemark.subscriber.resync.MailboxRequestSender;
import dev.tidemark.subscriber.resync.RequestResult;
import dev.tidemark.subscriber.resync.StalenessPolicy;
import dev.tidemark.subscriber.resync.StartingPoint;
import dev.tidemark.subscriber.resync.SubscriptionRetryPolicy;
import dev.tidemark.subscriber.resync.WatchedFolders;
import dev.tidemark.values.SubscribeResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes attempts to subscribe. It never unsubscribes: an older subscription goes on until the new one is
/// granted, and is ended by the answer to its next call-back.
final class SubscribeAttemptRunner {
    private static final Logger log = LoggerFactory.getLogger(SubscribeAttemptRunner.class);

    /// What a lost subscription may live longer than its status frequency.
    private static final Duration LATE = Duration.ofMinutes(1);

    private final WatermarkStore store;
    private final CallbackUrlFactory urls;
    private final StalenessPolicy trust;
    private final SubscriptionRetryPolicy setbacks;
    private final MailboxFailureTracker troubles;
    private final FolderResolver finder;
    private final Clock clock;

    /// What the parts of a subscriber share.
    record Collaborators(
            StalenessPolicy trust,
            SubscriptionRetryPolicy setbacks,
            MailboxFailureTracker troubles,
            FolderResolver finder) {}

    SubscribeAttemptRunner(WatermarkStore store, CallbackUrlFactory urls, Collaborators aids, Clock clock) {
        this.store = store;
        this.urls = urls;
        this.trust = aids.trust();
        this.setbacks = aids.setbacks();
        this.troubles = aids.troubles();
        this.finder = aids.finder();
        this.clock = clock;
    }

    /// One attempt under way.
    private record Attempt(
            MailboxJob job, AttemptId id, StartingPoint start, List<FolderRef> folders, Instant sentAt) {}

    /// [SubscriptionOutcome.Subscribed] says only that a subscription lives; whether a resync is owed stands in the
    /// store.
    SubscriptionOutcome run(MailboxJob job, StartingPoint start) throws InterruptedException {
        return switch (finder.folders(MailboxRequestSender.of(job, RequestPriority.SUBSCRIBE))) {
            case RequestResult.Got<List<FolderRef>>(var folders) -> run(job, start, folders);
            case RequestResult.Refused<List<FolderRef>>(var error) -> setbacks.onRefusal(job, error);
            case RequestResult.Unsent<List<FolderRef>>(var outcome) -> outcome;
        };
    }

    private SubscriptionOutcome run(MailboxJob job, StartingPoint start, List<FolderRef> folders)
            throws InterruptedException {
        Attempt attempt;
        EwsResult<SubscribeResult> answer;
        try (var turn = job.gate().awaitTurn(RequestPriority.SUBSCRIBE, job.address())) {
            var obstacle = turn.obstacle();
            if (obstacle.isPresent()) {
                return obstacle.get();
            }
            attempt = begin(job, upToDate(job, start), folders);
            answer = turn.send(request(attempt));
            if (EwsErrorTraits.isStale(answer)) {
                // Exchange may have granted it, so the new request is a separate attempt
                troubles.recordLostResponse(job.id(), attempt.sentAt());
                attempt = begin(job, upToDate(job, start), folders);
                answer = turn.sendOnNewConnection(request(attempt));
            }
        }
        return switch (answer) {
            case EwsResult.Success<SubscribeResult> success -> onGranted(attempt, success.value());
            case EwsResult.Refused<SubscribeResult> refused -> onRefusal(attempt, refused.error());
        };
    }

    /// A turn may have been long in coming, and a subscription that still lives have moved the watermark
    /// meanwhile, or only now have given the mailbox one.
    private StartingPoint upToDate(MailboxJob job, StartingPoint start) {
        return start instanceof StartingPoint.WithoutWatermark
                ? start
                : store.mailboxes()
                        .find(job.id())
                        .map(mailbox -> trust.startingPoint(mailbox, clock))
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

    private SubscriptionOutcome onGranted(Attempt attempt, SubscribeResult answer) {
        if (!store.subscriptions().confirm(attempt.id(), answer, missedSince(attempt))) {
            return new SubscriptionOutcome.Skipped("another attempt came first");
        }
        setbacks.reset(attempt.job());
        log.debug("Subscribed {} for {}", attempt.job().address(), attempt.job().reason());
        return new SubscriptionOutcome.Subscribed();
    }

    private Optional<Instant> missedSince(Attempt attempt) {
        return switch (attempt.start()) {
            case StartingPoint.FromWatermark ignored -> Optional.empty();
            case StartingPoint.WithoutWatermark afresh -> Optional.of(afresh.since());
            case StartingPoint.Probe ignored -> Optional.empty();
            // an earlier request may have been granted without our knowing, and have had something to tell
            case StartingPoint.FirstTime ignored ->
                troubles.firstLostResponse(attempt.job().id());
        };
    }

    private SubscriptionOutcome onRefusal(Attempt attempt, EwsError error) throws InterruptedException {
        if (EwsErrorTraits.isCausedByTidemark(error)) {
            // the attempt stays, and counts if it calls back
            return new SubscriptionOutcome.Skipped("Tidemark is stopping");
        }
        if (EwsErrorTraits.isLostResponse(error)) {
            var live = confirmedBy(attempt);
            if (live.isPresent()) {
                return onGrantedWithoutResponse(attempt, live.get());
            }
            troubles.recordLostResponse(attempt.job().id(), attempt.sentAt());
        }
        return switch (error) {
            case EwsError.ResubscribeFromWatermark other -> abandon(attempt, other, Optional.empty(), true);
            case EwsError.ResubscribeAndResync spent ->
                attempt.start() instanceof StartingPoint.FromWatermark
                        ? runWithoutWatermark(attempt, spent)
                        : abandon(attempt, spent, Optional.empty(), true);
            case EwsError.RetryAfter retry -> retryOrFail(attempt, retry, requestedWait(attempt, retry));
            case EwsError.RetryNarrower other -> abandon(attempt, other, Optional.empty(), false);
            case EwsError.DropSyncState other -> abandon(attempt, other, Optional.empty(), false);
            // where autodiscover says where the mailbox is, it is asked again before the next attempt
            case EwsError.Rediscover other -> retryOrFail(attempt, other, Optional.empty());
            case EwsError.FolderGone gone -> onFolderGone(attempt, gone);
            case EwsError.PermanentForMailbox permanent -> setbacks.fail(attempt.job(), permanent);
            case EwsError.PermanentForConnection permanent -> setbacks.fail(attempt.job(), permanent);
        };
    }

    private SubscriptionOutcome retryOrFail(Attempt attempt, EwsError error, Optional<Duration> wish) {
        return setbacks.hasFailedTooOften(attempt.job(), error)
                ? setbacks.fail(attempt.job(), error)
                : abandon(attempt, error, wish, false);
    }

    /// A folder that was found by its path may have gone since, and another have come in its place.
    private SubscriptionOutcome onFolderGone(Attempt attempt, EwsError.FolderGone error) {
        var job = attempt.job();
        if (job.plan().watched() instanceof WatchedFolders.Some(var named, var paths) && !paths.isEmpty()) {
            finder.forget(job.id());
            return abandon(attempt, error, Optional.empty(), false);
        }
        return setbacks.fail(job, error);
    }

    private static Optional<Duration> requestedWait(Attempt attempt, EwsError.RetryAfter error) {
        return EwsErrorTraits.isTooManySubscriptions(error)
                ? Optional.of(attempt.job().plan().statusFrequency().plus(LATE))
                : error.backOff();
    }

    /// The mailbox, if the attempt has called back and so proved that it was granted.
    private Optional<Mailbox> confirmedBy(Attempt attempt) {
        return store.mailboxes()
                .find(attempt.job().id())
                .filter(mailbox -> mailbox.live().filter(attempt.id()::equals).isPresent());
    }

    private SubscriptionOutcome onGrantedWithoutResponse(Attempt attempt, Mailbox mailbox) {
        log.debug(
                "No answer for attempt {} of {}, but it called back",
                attempt.id().number(),
                mailbox.address());
        return mailbox.subscriptionId()
                .map(id -> onGranted(attempt, new SubscribeResult(id, Optional.empty())))
                .orElseGet(SubscriptionOutcome.Subscribed::new);
    }

    /// The new attempt supersedes the refused one.
    private SubscriptionOutcome runWithoutWatermark(Attempt refused, EwsError.ResubscribeAndResync error)
            throws InterruptedException {
        var job = refused.job();
        log.info("Exchange refused the watermark of {}, subscribing without: {}", job.address(), error.code());
        var mailbox = store.mailboxes().find(job.id());
        return mailbox.isEmpty()
                ? new SubscriptionOutcome.Skipped("the mailbox was removed")
                : run(job, trust.withoutWatermark(mailbox.get(), error.code().value()));
    }

    private SubscriptionOutcome abandon(
            Attempt attempt, EwsError error, Optional<Duration> backOff, boolean watermarkFailed) {
        var retry = setbacks.scheduleRetry(attempt.job(), error, backOff);
        var resync = attempt.start() instanceof StartingPoint.WithoutWatermark;
        var next = new PendingCompensation(attempt.job().reason(), retry.at(), resync, error.text());
        store.subscriptions().abandon(attempt.id(), SubscriptionRetryPolicy.describe(error), watermarkFailed, next);
        return retry;
    }
}
