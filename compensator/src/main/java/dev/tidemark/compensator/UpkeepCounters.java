package dev.tidemark.compensator;

/// How it stands with what is in no hurry.
///
/// @param snapshots owed to mailboxes that are new
/// @param aging mailboxes whose sync states are to be taken anew
/// @param underWay mailboxes that are being looked over now
/// @param done mailboxes that have been looked over to their end, since the start
public record UpkeepCounters(int snapshots, int aging, int underWay, long done) {}
