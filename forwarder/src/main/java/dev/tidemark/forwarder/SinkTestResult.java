package dev.tidemark.forwarder;

/// Result of a test event.
public record SinkTestResult(boolean delivered, String text) {}
