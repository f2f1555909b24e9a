package dev.tidemark.simulator.mailbox;

import java.time.Duration;
import java.util.Optional;

/// Refuses one part of a request: a response message of class Error in a response with HTTP status 200.
public final class ResponseErrorException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;
    private final transient Optional<Duration> backOff;
    private final transient Optional<String> inner;

    public ResponseErrorException(String code, String text) {
        this(code, text, Optional.empty());
    }

    public ResponseErrorException(String code, String text, Optional<Duration> backOff) {
        this(code, text, backOff, Optional.empty());
    }

    /// `inner` is the code that an internal error wraps.
    public ResponseErrorException(String code, String text, Optional<Duration> backOff, Optional<String> inner) {
        super(text);
        this.code = code;
        this.backOff = backOff;
        this.inner = inner;
    }

    public String code() {
        return code;
    }

    public Optional<Duration> backOff() {
        return backOff;
    }

    public Optional<String> inner() {
        return inner;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
