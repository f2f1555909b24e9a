package dev.tidemark.forwarder;

/// What came of a trial event.
public record SinkTestResult(boolean delivered, String text) {}
