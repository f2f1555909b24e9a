package dev.tidemark.model;

/// Ways in which an item is unusual and yet can be read.
enum UnusualItem {
    NONE,
    CONTROL_CHARACTER,
    TRAILING_ELEMENT
}
