package dev.tidemark.compensator;

import java.time.Instant;
import java.util.Optional;

/// Request of an operator for one mailbox, with its outcome once it is known.
///
/// @param action `resubscribe`, `resync` or `resume`
/// @param reason reason that the operator gave; empty if there is none
public record OperatorRequest(String action, String reason, Instant at, Optional<Outcome> outcome) {
    /// Outcome of the first repair that was tried for a request.
    public record Outcome(Instant at, String text) {}

    OperatorRequest withOutcome(Instant when, String text) {
        return new OperatorRequest(action, reason, at, Optional.of(new Outcome(when, text)));
    }
}
