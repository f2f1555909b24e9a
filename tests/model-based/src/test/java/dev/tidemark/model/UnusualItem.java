package dev.tidemark.model;

/// Ways in which an item is unusual but readable.
enum UnusualItem {
    NONE,
    CONTROL_CHARACTER,
    TRAILING_ELEMENT
}
