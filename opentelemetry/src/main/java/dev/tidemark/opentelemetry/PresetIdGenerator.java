package dev.tidemark.opentelemetry;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.Optional;
import java.util.function.Supplier;

/// Gives the next span of a thread the ids that follow from its event, and random ones otherwise. Thread-safe.
final class PresetIdGenerator implements IdGenerator {
    private static final PresetIds RANDOM = new PresetIds(Optional.empty(), Optional.empty());

    private final IdGenerator random = IdGenerator.random();
    private final ThreadLocal<PresetIds> presets = ThreadLocal.withInitial(() -> RANDOM);

    /// Ids of the next span; an empty one is random.
    record PresetIds(Optional<String> traceId, Optional<String> spanId) {}

    /// Runs `start`, which starts one span.
    <T> T with(PresetIds ids, Supplier<T> start) {
        presets.set(ids);
        try {
            return start.get();
        } finally {
            presets.remove();
        }
    }

    @Override
    public String generateSpanId() {
        return presets.get().spanId().orElseGet(random::generateSpanId);
    }

    @Override
    public String generateTraceId() {
        return presets.get().traceId().orElseGet(random::generateTraceId);
    }
}
