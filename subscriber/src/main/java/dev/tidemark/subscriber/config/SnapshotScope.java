package dev.tidemark.subscriber.config;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Scope of the snapshot of a mailbox that is new to Tidemark.
public sealed interface SnapshotScope {
    record None() implements SnapshotScope {}

    /// Items that arrived within this time before the mailbox was added.
    record Since(Duration age) implements SnapshotScope {}

    record All() implements SnapshotScope {}

    /// Returns the start of the snapshot, if any, for a mailbox that is added at `now`.
    default Optional<Instant> since(Instant now) {
        return switch (this) {
            case None ignored -> Optional.empty();
            case Since since -> Optional.of(now.minus(since.age()));
            case All ignored -> Optional.of(Instant.EPOCH);
        };
    }
}
