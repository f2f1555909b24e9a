package dev.tidemark.ews;

/// A subscription that Exchange ended at our wish.
public record UnsubscribeResult() {}
