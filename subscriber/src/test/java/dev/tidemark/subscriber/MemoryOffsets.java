package dev.tidemark.subscriber;

import dev.tidemark.store.ExchangeOffsets;
import dev.tidemark.store.StoreException;
import dev.tidemark.values.ClockOffset;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Offsets in memory. Writing can be made to fail. Not thread-safe.
public final class MemoryOffsets implements ExchangeOffsets {
    private final Map<String, ClockOffset> learned = new HashMap<>();
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

    @Override
    public void save(String connection, ClockOffset offset) {
        if (failing) {
            throw new StoreException("The disk is full.");
        }
        learned.put(connection, offset);
    }
}
