package dev.tidemark.forwarder.operator;

import dev.tidemark.forwarder.targets.DeliveryResult;
import java.util.Optional;

/// Result of a test event, with the remedy of a failure.
public record SinkTestResult(boolean delivered, String text, Optional<String> remedy) {
    /// Creates the result of a delivered test event.
    public SinkTestResult(boolean delivered, String text) {
        this(delivered, text, Optional.empty());
    }

    public static SinkTestResult of(boolean delivered, DeliveryResult result) {
        return delivered
                ? new SinkTestResult(true, result.text())
                : new SinkTestResult(false, DeliveryRemedies.cause(result), Optional.of(DeliveryRemedies.of(result)));
    }
}
