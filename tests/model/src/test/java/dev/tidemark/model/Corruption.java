package dev.tidemark.model;

/// Ways in which an item cannot be read at all: no reader can tell what its events and its entries in pages are
/// about.
enum Corruption {
    NO_ID,
    EMPTY_ID,
    UNKNOWN_KIND
}
