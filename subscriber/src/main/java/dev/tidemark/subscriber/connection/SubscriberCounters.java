package dev.tidemark.subscriber.connection;

/// Counters of all connections since the start.
///
/// @param requests requests sent to Exchange
/// @param refused requests with an error or no response
/// @param subscribed subscriptions granted
/// @param resynced resyncs completed
/// @param polled polls of mailboxes whose push does not work
/// @param pauses back-offs of whole connections
public record SubscriberCounters(
        long requests, long refused, long subscribed, long resynced, long polled, long pauses) {}
