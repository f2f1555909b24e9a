package dev.tidemark.daemon.reload;

import java.time.Instant;
import java.util.Optional;

/// State of the configuration in use.
///
/// @param successAt time at which the configuration in use was read
/// @param failedAt time of the last reload, if it failed
/// @param reason faults of that reload; empty without one
public record ReloadStatus(Instant successAt, Optional<Instant> failedAt, String reason) {
    /// Returns true if the last reload succeeded, or if there was none.
    public boolean isSuccessful() {
        return failedAt.isEmpty();
    }
}
