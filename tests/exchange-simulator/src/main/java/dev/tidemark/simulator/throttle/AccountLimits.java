package dev.tidemark.simulator.throttle;

import java.time.Duration;

/// Limits of Exchange's throttling policies. A limit of 0 does not exist.
///
/// @param concurrency requests of one login in flight (EWSMaxConcurrency)
/// @param streams open streams of one mailbox (HangingConnectionLimit)
/// @param subscriptions subscriptions of one mailbox of all three kinds (EWSMaxSubscriptions)
/// @param history age at which events are forgotten (EventHistoryRetentionPeriod)
/// @param streamLifetime time without a stream after which a streaming subscription ends
/// @param growingBackOff whether a request during a back-off doubles it
/// @param kept the newest items of a mailbox, entries of its history and entries of the ledger that are kept
public record AccountLimits(
        int concurrency,
        int streams,
        int subscriptions,
        Duration history,
        Duration streamLifetime,
        boolean growingBackOff,
        int kept) {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration LIFETIME = Duration.ofMinutes(30);

    /// Returns the limits of an on-premises server, with the streams of Exchange Online.
    public static AccountLimits exchange() {
        return new AccountLimits(27, 10, 5000, MONTH, LIFETIME, true, 0);
    }

    /// Returns no limits except for those of subscriptions and history.
    public static AccountLimits none() {
        return new AccountLimits(0, 0, 5000, MONTH, Duration.ZERO, false, 0);
    }

    public AccountLimits withConcurrency(int other) {
        return new AccountLimits(other, streams, subscriptions, history, streamLifetime, growingBackOff, kept);
    }

    public AccountLimits withStreams(int other) {
        return new AccountLimits(concurrency, other, subscriptions, history, streamLifetime, growingBackOff, kept);
    }

    public AccountLimits withSubscriptions(int other) {
        return new AccountLimits(concurrency, streams, other, history, streamLifetime, growingBackOff, kept);
    }

    public AccountLimits withHistory(Duration other) {
        return new AccountLimits(concurrency, streams, subscriptions, other, streamLifetime, growingBackOff, kept);
    }

    public AccountLimits withKept(int other) {
        return new AccountLimits(concurrency, streams, subscriptions, history, streamLifetime, growingBackOff, other);
    }

    static boolean exceeds(int count, int limit) {
        return limit > 0 && count > limit;
    }
}
