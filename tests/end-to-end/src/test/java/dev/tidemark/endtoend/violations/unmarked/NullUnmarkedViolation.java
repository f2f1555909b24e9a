package dev.tidemark.endtoend.violations.unmarked;

/// Its package says nothing about null.
interface NullUnmarkedViolation {}
