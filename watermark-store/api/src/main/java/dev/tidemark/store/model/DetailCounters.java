package dev.tidemark.store.model;

/// Results of detail requests since the start.
///
/// @param found events whose item was read
/// @param notFound events whose item was gone
/// @param unavailable events without a detail, because Exchange did not respond in time
public record DetailCounters(long found, long notFound, long unavailable) {
    public static final DetailCounters NONE = new DetailCounters(0, 0, 0);
}
