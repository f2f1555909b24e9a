package dev.tidemark.store.model;

/// Why a mailbox is, or has to be, subscribed.
public enum SubscribeReason {
    INITIAL,
    SILENCE,
    GAP,
    ERROR,
    CONFIG,
    OPERATOR
}
