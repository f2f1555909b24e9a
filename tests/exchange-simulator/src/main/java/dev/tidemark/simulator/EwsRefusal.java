package dev.tidemark.simulator;

import java.time.Duration;
import java.util.Optional;

/// One thing asked for is refused: a response message of class Error in an answer with HTTP status 200.
final class EwsRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;
    private final transient Optional<Duration> backOff;

    EwsRefusal(String code, String text) {
        this(code, text, Optional.empty());
    }

    EwsRefusal(String code, String text, Optional<Duration> backOff) {
        super(text);
        this.code = code;
        this.backOff = backOff;
    }

    String code() {
        return code;
    }

    Optional<Duration> backOff() {
        return backOff;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
