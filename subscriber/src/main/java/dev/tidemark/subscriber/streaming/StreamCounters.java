package dev.tidemark.subscriber.streaming;

/// What has been done to learn of events by streams.
///
/// @param mailboxes that are looked after by streams now
/// @param open streams that are open now
/// @param opened streams so far
/// @param silent of them, those that fell silent before their time
/// @param found events that streams told, and the looks that go with them found
public record StreamCounters(int mailboxes, int open, long opened, long silent, long found) {}
