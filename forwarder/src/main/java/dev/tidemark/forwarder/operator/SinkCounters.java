package dev.tidemark.forwarder.operator;

/// Counters of a sink since the start.
///
/// @param delivered delivered events
/// @param attempts requests, without test events
/// @param failed failed requests
/// @param deadLetters events that became dead letters
/// @param expired events that were removed from the journal before delivery
public record SinkCounters(long delivered, long attempts, long failed, long deadLetters, long expired) {}
