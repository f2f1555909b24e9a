package dev.tidemark.store.model;

import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import java.time.Instant;
import java.util.Optional;

/// What the store knows of a mailbox, at one moment.
///
/// @param live the attempt whose call-backs count
/// @param pending the newest attempt, while its Subscribe answer is awaited
/// @param fingerprint of the settings that the live attempt was made with; empty before the first
/// @param watermark the newest that continues the chain
/// @param subscribedAt when the live attempt was confirmed, or proved itself by a call-back
/// @param lastHeardAt the last call-back of any attempt that counted
/// @param calledBack whether the live attempt has called back
/// @param resyncSince set while a resync is owed: changes after this moment, by Exchange's clock, are news
/// @param due set while a compensation is owed
/// @param failuresFromWatermark compensations in a row that failed, or led to another gap or error, from this
///     watermark
/// @param fruitless compensations in a row without a single call-back
/// @param degraded set while push does not work and another transport looks for events
/// @param snapshotSince set while a snapshot is owed: what came after this moment is told, once
/// @param origin by which path its latest event came
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
        Optional<Instant> snapshotSince) {}
