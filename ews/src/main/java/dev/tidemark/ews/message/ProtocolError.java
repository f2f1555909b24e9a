package dev.tidemark.ews.message;

import dev.tidemark.values.TextValidator;
import java.time.Duration;
import java.util.Optional;

/// What a fault or a response message tells of an error, before anyone decides what to do about it. The inner
/// code is what ErrorInternalServerError wraps (docs, ews-throttling, table 4).
public record ProtocolError(String code, Optional<String> innerCode, String text, Optional<Duration> backOff) {
    /// Code and text go into logs, states and events.
    public ProtocolError {
        code = TextValidator.oneLine(code);
        text = TextValidator.oneLine(text);
    }

    static ProtocolError of(String code, String text) {
        return new ProtocolError(code, Optional.empty(), text, Optional.empty());
    }
}
