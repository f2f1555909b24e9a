package dev.tidemark.store;

import dev.tidemark.values.ClockOffset;
import java.time.Duration;
import java.time.Instant;
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
        public Optional<Instant> earliestLookBack(String connection) {
            return Optional.empty();
        }

        @Override
        public void save(String connection, ClockOffset offset, ClockOffset remembered) {
            throw new UnsupportedOperationException("This store keeps no offsets.");
        }
    };

    /// Returns the offset of a connection, if it is known. After a restart, this is the remembered offset.
    Optional<ClockOffset> offsetOf(String connection);

    /// Returns the offset of a group's connection; [ClockOffset#NONE] until it is known.
    default ClockOffset offsetOfGroup(String group) {
        return offsetOf(group).orElse(ClockOffset.NONE);
    }

    /// Returns the lower bound of a connection's offset, derived from the times of live events.
    Optional<Duration> boundByEvents(String connection);

    /// Returns the earliest time, by Tidemark's clock, to which a sync of a mailbox of the connection may go back;
    /// absent if no mailbox needs one.
    Optional<Instant> earliestLookBack(String connection);

    /// Stores the offset of a connection. Durable on return.
    ///
    /// @param remembered range of all offsets that a resync may meet, for the time after a restart
    void save(String connection, ClockOffset offset, ClockOffset remembered);
}
