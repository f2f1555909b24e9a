package dev.tidemark.endtoend.violations.unmarked;

/// Its package has no null marking.
interface NullUnmarkedViolation {}
