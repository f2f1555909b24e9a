package dev.tidemark.ews;

import dev.tidemark.values.Texts;
import java.time.Duration;
import java.util.Optional;

/// What a fault or a response message tells of an error, before anyone decides what to do about it. The inner
/// code is what ErrorInternalServerError wraps (docs, ews-throttling, table 4).
record Problem(String code, Optional<String> innerCode, String text, Optional<Duration> backOff) {
    /// Code and text go into logs, states and events.
    Problem {
        code = Texts.oneLine(code);
        text = Texts.oneLine(text);
    }

    static Problem of(String code, String text) {
        return new Problem(code, Optional.empty(), text, Optional.empty());
    }
}
