package dev.tidemark.subscriber;

import dev.tidemark.values.ClockOffset;
import dev.tidemark.watermark.ExchangeOffsets;
import dev.tidemark.watermark.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Offsets in memory. Writing can be made to fail. Not thread-safe.
final class MemoryOffsets implements ExchangeOffsets {
    private final Map<String, ClockOffset> learned = new HashMap<>();
    private final Map<String, ClockOffset> remembered = new HashMap<>();
    private Optional<Instant> lookBack = Optional.empty();
    private boolean failing;

    void failing(boolean fails) {
        failing = fails;
    }

    @Override
    public Optional<ClockOffset> of(String connection) {
        return Optional.ofNullable(learned.get(connection));
    }

    @Override
    public Optional<Duration> byEvents(String connection) {
        return Optional.empty();
    }

    void lookBackTo(Instant moment) {
        lookBack = Optional.of(moment);
    }

    /// As after a start: what was to be remembered is all that is known.
    void restart() {
        learned.putAll(remembered);
    }

    @Override
    public Optional<Instant> earliestLookBack(String connection) {
        return lookBack;
    }

    @Override
    public void learned(String connection, ClockOffset offset, ClockOffset toRemember) {
        if (failing) {
            throw new StoreException("The disk is full.");
        }
        learned.put(connection, offset);
        remembered.put(connection, toRemember);
    }
}
