package dev.tidemark.subscriber;

/// Counters of streams since the start.
///
/// @param mailboxes mailboxes on streams now
/// @param open streams open now
/// @param opened streams opened so far
/// @param silent streams that fell silent before their end
/// @param found events found by streams and their polls
public record StreamCounters(int mailboxes, int open, long opened, long silent, long found) {}
