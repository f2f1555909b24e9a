package dev.tidemark.store.model;

/// Reason for a subscription or for a pending one.
public enum SubscribeReason {
    INITIAL,
    SILENCE,
    GAP,
    ERROR,
    CONFIG,
    OPERATOR
}
