package dev.tidemark.ews.message;

import dev.tidemark.values.TextValidator;
import java.time.Duration;
import java.util.Optional;

/// Unclassified error of a fault or a response message. The inner code is the one that ErrorInternalServerError
/// wraps (docs, ews-throttling, table 4).
public record ProtocolError(String code, Optional<String> innerCode, String text, Optional<Duration> backOff) {
    /// Makes code and text fit for logs, states and events.
    public ProtocolError {
        code = TextValidator.oneLine(code);
        text = TextValidator.oneLine(text);
    }

    static ProtocolError of(String code, String text) {
        return new ProtocolError(code, Optional.empty(), text, Optional.empty());
    }
}
