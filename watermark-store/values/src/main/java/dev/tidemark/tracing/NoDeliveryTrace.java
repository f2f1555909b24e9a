package dev.tidemark.tracing;

import dev.tidemark.tracing.EventTracer.DeliveryTrace;
import java.util.Optional;

/// Attempt that is not recorded. Stateless.
final class NoDeliveryTrace implements DeliveryTrace {
    @Override
    public boolean isOn() {
        return false;
    }

    @Override
    public Optional<String> traceParent() {
        return Optional.empty();
    }

    @Override
    public void end(String result, boolean isDelivered) {
        // records nothing
    }
}
