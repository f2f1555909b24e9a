package dev.tidemark.forwarder.operator;

import dev.tidemark.values.DurationHistogram;

/// Counters of a sink since the start.
///
/// @param delivered delivered events
/// @param attempts requests, without test events
/// @param failed failed attempts of events
/// @param deadLetters events that became dead letters
/// @param expired events that were removed from the journal before delivery
/// @param forgotten events that were not delivered because their mailbox was forgotten
/// @param lag durations from the recording of an event to its delivery, without replays
/// @param requests durations of requests
public record SinkCounters(
        long delivered,
        long attempts,
        long failed,
        long deadLetters,
        long expired,
        long forgotten,
        DurationHistogram.Reading lag,
        DurationHistogram.Reading requests) {}
