package dev.tidemark.subscriber.resync;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What of its past a mailbox that is new to Tidemark tells first.
public sealed interface SnapshotScope {
    record None() implements SnapshotScope {}

    /// What came within this time before the mailbox did.
    record Since(Duration age) implements SnapshotScope {}

    record All() implements SnapshotScope {}

    /// From when on its past is told, if at all, for a mailbox that comes now.
    default Optional<Instant> since(Instant now) {
        return switch (this) {
            case None ignored -> Optional.empty();
            case Since since -> Optional.of(now.minus(since.age()));
            case All ignored -> Optional.of(Instant.EPOCH);
        };
    }
}
