package dev.tidemark.forwarder.operator;

/// Result of a test event.
public record SinkTestResult(boolean delivered, String text) {}
