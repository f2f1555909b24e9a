package dev.tidemark.subscriber.resync;

/// How many resyncs are under way or interrupted now, and how many pages all of them have read, with how many
/// changes on them.
public record ResyncCounters(int underWay, long pages, long changes) {}
