package dev.tidemark.model;

/// Ways in which an item is unreadable: its events and its entries in pages do not identify it.
enum CorruptItem {
    NO_ID,
    EMPTY_ID,
    UNKNOWN_KIND
}
