package dev.tidemark.compensator;

import java.time.Instant;
import java.util.Optional;

/// What happens to a mailbox next, unless something else happens first: in words for people.
public record NextStep(String what, Optional<Instant> at, Optional<String> why) {
    static NextStep of(String what) {
        return new NextStep(what, Optional.empty(), Optional.empty());
    }
}
