package dev.tidemark.subscriber;

/// Resyncs in progress or interrupted now, and pages and changes read by all of them.
public record ResyncCounters(int inProgress, long pages, long changes) {}
