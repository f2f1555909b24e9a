package dev.tidemark.forwarder.backlog;

/// What a sink did since the start.
///
/// @param delivered events that it took
/// @param attempts requests, trial events left out
/// @param failed attempts that did not succeed
/// @param deadLetters events given up
/// @param expired events that were removed from the journal before they were delivered
public record SinkCounters(long delivered, long attempts, long failed, long deadLetters, long expired) {}
