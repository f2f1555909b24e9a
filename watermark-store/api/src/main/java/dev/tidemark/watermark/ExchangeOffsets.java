package dev.tidemark.watermark;

import dev.tidemark.values.ClockOffset;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Offsets of Exchange's clocks from ours, for each connection, as learned last. Survives a restart. All times in
/// the store are by our clock, except those of events. Thread-safe.
public interface ExchangeOffsets {
    /// Offsets of a store that keeps none.
    ExchangeOffsets NONE = new ExchangeOffsets() {
        @Override
        public Optional<ClockOffset> of(String connection) {
            return Optional.empty();
        }

        @Override
        public Optional<Duration> byEvents(String connection) {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> earliestLookBack(String connection) {
            return Optional.empty();
        }

        @Override
        public void learned(String connection, ClockOffset offset, ClockOffset remembered) {
            throw new UnsupportedOperationException("This store keeps no offsets.");
        }
    };

    /// Returns the offset of a connection, once it is learned; after a restart what was to be remembered.
    Optional<ClockOffset> of(String connection);

    /// Returns the offset of a group's connection, [ClockOffset#NONE] until it is learned.
    default ClockOffset ofGroup(String group) {
        return of(group).orElse(ClockOffset.NONE);
    }

    /// Returns the lower bound of the offset, by the times of live events of a connection.
    Optional<Duration> byEvents(String connection);

    /// Returns the earliest time by our clock that a look at a mailbox of the connection may go back to, whatever
    /// the mailbox waits for; absent if none looks back.
    Optional<Instant> earliestLookBack(String connection);

    /// Stores the offset of a connection. Durable on return.
    ///
    /// @param remembered every offset that a look back may meet: what a restart must still know
    void learned(String connection, ClockOffset offset, ClockOffset remembered);
}
