package dev.tidemark.simulator.soap;

import java.time.Duration;
import java.util.Optional;
import org.w3c.dom.Element;

/// Refuses a whole request: a SOAP fault with HTTP status 500.
public final class SoapFaultException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final String SCHEMA = "ErrorSchemaValidation";

    static final String SCHEMA_TEXT = "The request failed schema validation: ";

    private final String code;
    private final transient Optional<Duration> backOff;
    private final transient Optional<String> inner;
    private transient SourcePosition position = SourcePosition.UNKNOWN;

    public SoapFaultException(String code, String text) {
        this(code, text, Optional.empty());
    }

    public SoapFaultException(String code, String text, Optional<Duration> backOff) {
        this(code, text, backOff, Optional.empty());
    }

    /// `inner` is the code that an internal error wraps.
    public SoapFaultException(String code, String text, Optional<Duration> backOff, Optional<String> inner) {
        super(text);
        this.code = code;
        this.backOff = backOff;
        this.inner = inner;
    }

    public static SoapFaultException schema(String violation) {
        return new SoapFaultException(SCHEMA, SCHEMA_TEXT + violation);
    }

    /// Reports a violation of the schema by this element.
    public static SoapFaultException schema(Element culprit, String violation) {
        return schema(violation).at(culprit);
    }

    /// Places the violation at an element unless its place is known already.
    public SoapFaultException at(Element culprit) {
        position = position.equals(SourcePosition.UNKNOWN) ? SourcePosition.of(culprit) : position;
        return this;
    }

    /// Returns the position of the violation in the request.
    public SourcePosition position() {
        return position;
    }

    boolean isSchemaViolation() {
        return code.equals(SCHEMA);
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
