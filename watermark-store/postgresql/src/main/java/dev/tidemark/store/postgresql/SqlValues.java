package dev.tidemark.store.postgresql;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Converts values of rows and queries to those that the driver accepts.
final class SqlValues {
    private SqlValues() {}

    /// Returns a value for a parameter.
    static @Nullable Object forParameter(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.isPresent() ? forParameter(optional.get()) : null;
            case Instant time -> time(time);
            case String text -> text(text);
            default -> value;
        };
    }

    /// Returns a value for an element of an array.
    static @Nullable Object forArray(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.isPresent() ? forArray(optional.get()) : null;
            case Instant time -> time(time).toString();
            case Integer number -> number.longValue();
            case String text -> text(text);
            default -> value;
        };
    }

    static OffsetDateTime time(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /// PostgreSQL's texts cannot hold U+0000.
    private static String text(String text) {
        return text.replace('\0', '\uFFFD');
    }
}
