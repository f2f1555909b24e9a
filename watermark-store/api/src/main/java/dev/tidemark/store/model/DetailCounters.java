package dev.tidemark.store.model;

/// What became of the details of events since the start.
///
/// @param found that tell of their item
/// @param notFound whose item was gone
/// @param unavailable that go without, because Exchange did not answer in time
public record DetailCounters(long found, long notFound, long unavailable) {
    public static final DetailCounters NONE = new DetailCounters(0, 0, 0);
}
