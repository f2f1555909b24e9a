package dev.tidemark.compensator;

/// Snapshot of the low-priority work.
///
/// @param snapshots pending snapshots of new mailboxes
/// @param aging mailboxes whose sync states must be refreshed
/// @param inFlight mailboxes whose refresh is running
/// @param done mailboxes that were refreshed completely since the start
public record UpkeepCounters(int snapshots, int aging, int inFlight, long done) {}
