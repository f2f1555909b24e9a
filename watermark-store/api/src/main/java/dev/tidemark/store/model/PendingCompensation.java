package dev.tidemark.store.model;

import java.time.Instant;

/// Compensation that is due for a mailbox, not before `notBefore`. `resync` is true if the watermark must not be
/// trusted.
public record PendingCompensation(SubscribeReason reason, Instant notBefore, boolean resync, String cause) {
    /// Merges this compensation with an earlier pending one. An operator's request keeps its name.
    public PendingCompensation together(PendingCompensation before) {
        var earlier = reason == SubscribeReason.OPERATOR || notBefore.isBefore(before.notBefore) ? this : before;
        return new PendingCompensation(earlier.reason, earlier.notBefore, before.resync || resync, earlier.cause);
    }

    /// Returns the compensation with another time.
    public PendingCompensation at(Instant time) {
        return new PendingCompensation(reason, time, resync, cause);
    }
}
