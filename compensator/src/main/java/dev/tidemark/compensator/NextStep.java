package dev.tidemark.compensator;

import java.time.Instant;
import java.util.Optional;

/// Next step of a mailbox, unless another event comes first, in words for operators.
public record NextStep(String action, Optional<Instant> at, Optional<String> reason) {
    static NextStep of(String action) {
        return new NextStep(action, Optional.empty(), Optional.empty());
    }
}
