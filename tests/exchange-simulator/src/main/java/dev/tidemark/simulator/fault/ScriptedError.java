package dev.tidemark.simulator.fault;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// An answer that is not what was asked for, in one of the shapes that a real Exchange gives it.
public sealed interface ScriptedError {
    /// A SOAP fault with HTTP status 500. `inner` is what an ErrorInternalServerError wraps; the back-off is
    /// given as BackOffMilliseconds.
    record SoapFault(String code, Optional<String> inner, Optional<Duration> backOff) implements ScriptedError {
        public SoapFault(String code) {
            this(code, Optional.empty(), Optional.empty());
        }
    }

    /// A response message of class Error in an answer with HTTP status 200.
    record Message(String code, Optional<String> inner, Optional<Duration> backOff) implements ScriptedError {
        public Message(String code) {
            this(code, Optional.empty(), Optional.empty());
        }
    }

    /// An HTTP status without an envelope, as the front end, a proxy or a load balancer gives it.
    record Http(int status, Map<String, String> headers) implements ScriptedError {
        public Http {
            headers = Map.copyOf(headers);
        }
    }
}
