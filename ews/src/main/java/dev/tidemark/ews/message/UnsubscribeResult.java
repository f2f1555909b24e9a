package dev.tidemark.ews.message;

/// Result of Unsubscribe: Exchange ended the subscription.
public record UnsubscribeResult() {}
