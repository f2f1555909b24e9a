package dev.tidemark.model;

/// Ways in which an item is unusual and yet can be read.
enum Oddity {
    NONE,
    CONTROL_CHARACTER,
    TRAILING_ELEMENT
}
