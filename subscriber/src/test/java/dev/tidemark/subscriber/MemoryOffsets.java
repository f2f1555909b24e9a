package dev.tidemark.subscriber;

import dev.tidemark.store.ExchangeOffsets;
import dev.tidemark.store.StoreException;
import dev.tidemark.values.ClockOffset;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Offsets in memory. Writing can be made to fail. Not thread-safe.
public final class MemoryOffsets implements ExchangeOffsets {
    private final Map<String, ClockOffset> learned = new HashMap<>();
    private final Map<String, ClockOffset> remembered = new HashMap<>();
    private Optional<Instant> lookBack = Optional.empty();
    private boolean failing;

    public void failing(boolean fails) {
        failing = fails;
    }

    @Override
    public Optional<ClockOffset> offsetOf(String connection) {
        return Optional.ofNullable(learned.get(connection));
    }

    @Override
    public Optional<Duration> boundByEvents(String connection) {
        return Optional.empty();
    }

    public void lookBackTo(Instant moment) {
        lookBack = Optional.of(moment);
    }

    /// As after a start: what was to be remembered is all that is known.
    public void restart() {
        learned.putAll(remembered);
    }

    @Override
    public Optional<Instant> earliestLookBack(String connection) {
        return lookBack;
    }

    @Override
    public void save(String connection, ClockOffset offset, ClockOffset toRemember) {
        if (failing) {
            throw new StoreException("The disk is full.");
        }
        learned.put(connection, offset);
        remembered.put(connection, toRemember);
    }
}
