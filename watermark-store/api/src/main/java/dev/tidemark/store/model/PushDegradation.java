package dev.tidemark.store.model;

import java.time.Instant;

/// Push of a mailbox that does not work, while a fallback transport finds its events.
///
/// @param at time at which push was marked as degraded
/// @param since changes after this time, by Exchange's clock, are news; the last change that push reported lies
/// before it
public record PushDegradation(Instant at, Instant since) {}
