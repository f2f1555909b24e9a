package dev.tidemark.store.model;

import java.time.Instant;

/// That push does not work for a mailbox, and another transport looks for its events instead.
///
/// @param at when push was given up
/// @param since changes after this moment, by Exchange's clock, are news: what push told last lies before it
public record PushDegradation(Instant at, Instant since) {}
