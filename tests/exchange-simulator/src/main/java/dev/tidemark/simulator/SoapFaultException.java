package dev.tidemark.simulator;

import java.time.Duration;
import java.util.Optional;

/// Refuses a whole request: a SOAP fault with HTTP status 500.
final class SoapFaultException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;
    private final transient Optional<Duration> backOff;
    private final transient Optional<String> inner;

    SoapFaultException(String code, String text) {
        this(code, text, Optional.empty());
    }

    SoapFaultException(String code, String text, Optional<Duration> backOff) {
        this(code, text, backOff, Optional.empty());
    }

    /// `inner` is the code that an internal error wraps.
    SoapFaultException(String code, String text, Optional<Duration> backOff, Optional<String> inner) {
        super(text);
        this.code = code;
        this.backOff = backOff;
        this.inner = inner;
    }

    static SoapFaultException schema(String violation) {
        return new SoapFaultException("ErrorSchemaValidation", "The request failed schema validation: " + violation);
    }

    String code() {
        return code;
    }

    Optional<Duration> backOff() {
        return backOff;
    }

    Optional<String> inner() {
        return inner;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
