package dev.tidemark.store;

import dev.tidemark.values.ClockOffset;
import java.time.Duration;
import java.util.Optional;

/// Offsets of Exchange's clocks from the local clock, the latest for each connection. They survive a restart. All
/// times in the store are by the local clock, except those of events. Thread-safe.
public interface ExchangeOffsets {
    /// Offsets of a store that keeps none.
    ExchangeOffsets NONE = new ExchangeOffsets() {
        @Override
        public Optional<ClockOffset> offsetOf(String connection) {
            return Optional.empty();
        }

        @Override
        public Optional<Duration> boundByEvents(String connection) {
            return Optional.empty();
        }

        @Override
        public void save(String connection, ClockOffset offset) {
            throw new UnsupportedOperationException("This store keeps no offsets.");
        }
    };

    /// Returns the offset of a connection, if it is known.
    Optional<ClockOffset> offsetOf(String connection);

    /// Returns the offset of a group's connection; [ClockOffset#NONE] until it is known.
    default ClockOffset offsetOfGroup(String group) {
        return offsetOf(group).orElse(ClockOffset.NONE);
    }

    /// Returns the lower bound of a connection's offset, derived from the times of live events.
    Optional<Duration> boundByEvents(String connection);

    /// Stores the offset of a connection. Durable on return.
    void save(String connection, ClockOffset offset);
}
