package dev.tidemark.simulator.fault;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Error response in one of the shapes that a real Exchange uses.
public sealed interface ScriptedError {
    /// SOAP fault with HTTP status 500. `inner` is the code that an ErrorInternalServerError wraps; the
    /// back-off becomes BackOffMilliseconds.
    record SoapFault(String code, Optional<String> inner, Optional<Duration> backOff) implements ScriptedError {
        public SoapFault(String code) {
            this(code, Optional.empty(), Optional.empty());
        }
    }

    /// Response message of class Error in a response with HTTP status 200.
    record Message(String code, Optional<String> inner, Optional<Duration> backOff) implements ScriptedError {
        public Message(String code) {
            this(code, Optional.empty(), Optional.empty());
        }
    }

    /// HTTP status without an envelope, as from a front end, a proxy or a load balancer. A body is sent as it is.
    record Http(int status, Map<String, String> headers, Optional<String> body) implements ScriptedError {
        public Http {
            headers = Map.copyOf(headers);
        }

        public Http(int status, Map<String, String> headers) {
            this(status, headers, Optional.empty());
        }
    }
}
