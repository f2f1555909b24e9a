package dev.tidemark.daemon;

import java.util.List;

/// A value and where it was written.
record Placed<T>(T value, Mark mark) {
    static <T> List<T> values(List<Placed<T>> placed) {
        return placed.stream().map(Placed::value).toList();
    }
}
