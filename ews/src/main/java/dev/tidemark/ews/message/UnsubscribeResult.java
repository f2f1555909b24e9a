package dev.tidemark.ews.message;

/// A subscription that Exchange ended at our wish.
public record UnsubscribeResult() {}
