package dev.tidemark.forwarder;

/// What came of a trial event.
public record TestResult(boolean delivered, String text) {}
