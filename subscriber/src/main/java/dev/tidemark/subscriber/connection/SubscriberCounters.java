package dev.tidemark.subscriber.connection;

/// What the subscriber has done since it was made.
///
/// @param requests sent to Exchange
/// @param refused requests that were answered by an error, or not at all
/// @param polled looks for what is new in mailboxes whose push does not work
/// @param pauses times a whole connection was held back
public record SubscriberCounters(
        long requests, long refused, long subscribed, long resynced, long polled, long pauses) {}
