package dev.tidemark.store.model;

import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import java.time.Instant;
import java.util.Optional;

/// Immutable state of a mailbox at one instant.
///
/// @param live attempt whose callbacks count
/// @param pending newest attempt, while its Subscribe response is awaited
/// @param fingerprint hash of the live attempt's settings; empty before the first attempt
/// @param watermark newest watermark that continues the chain
/// @param subscribedAt time at which the live attempt was confirmed or first called back
/// @param lastHeardAt time of the last callback of any attempt that counted
/// @param calledBack true if the live attempt has called back
/// @param resyncSince set while a resync is pending: changes after this time, by Exchange's clock, are news
/// @param due set while a compensation is pending
/// @param failuresFromWatermark consecutive compensations from this watermark that failed or led to another gap or
/// error
/// @param fruitless consecutive compensations without a callback
/// @param degraded set while push does not work and a fallback transport finds events
/// @param snapshotSince set while a snapshot is pending: changes after this time are reported once
/// @param origin path of its latest event
public record Mailbox(
        MailboxId id,
        MailboxAddress address,
        GroupMembership membership,
        MailboxState state,
        Optional<AttemptId> live,
        Optional<AttemptId> pending,
        Optional<SubscriptionId> subscriptionId,
        String fingerprint,
        Optional<StoredWatermark> watermark,
        Optional<Instant> subscribedAt,
        Optional<Instant> lastHeardAt,
        boolean calledBack,
        Optional<Instant> resyncSince,
        Optional<PendingCompensation> due,
        int failuresFromWatermark,
        int fruitless,
        Optional<EventOrigin> origin,
        Optional<String> lastError,
        Optional<PushDegradation> degraded,
        Optional<Instant> snapshotSince)
        implements MailboxSummary {
    @Override
    public long lastHeardMillis() {
        return lastHeardAt.map(Instant::toEpochMilli).orElse(0L);
    }

    @Override
    public long subscribedMillis() {
        return subscribedAt.map(Instant::toEpochMilli).orElse(0L);
    }

    @Override
    public Mailbox snapshot() {
        return this;
    }
}
