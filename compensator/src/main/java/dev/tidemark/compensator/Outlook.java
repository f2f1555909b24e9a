package dev.tidemark.compensator;

import java.time.Instant;
import java.util.Optional;

/// What happens to a mailbox next, unless something else happens first: in words for people.
public record Outlook(String what, Optional<Instant> at, Optional<String> why) {
    static Outlook of(String what) {
        return new Outlook(what, Optional.empty(), Optional.empty());
    }
}
