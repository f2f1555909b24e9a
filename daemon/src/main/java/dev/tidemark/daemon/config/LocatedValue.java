package dev.tidemark.daemon.config;

import java.util.List;

/// Value with its location.
record LocatedValue<T>(T value, SourceLocation mark) {
    static <T> List<T> values(List<LocatedValue<T>> placed) {
        return placed.stream().map(LocatedValue::value).toList();
    }
}
