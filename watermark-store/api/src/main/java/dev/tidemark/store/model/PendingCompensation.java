package dev.tidemark.store.model;

import java.time.Instant;

/// A compensation that a mailbox is due, not before `notBefore`. `resync` says that the watermark is not to
/// be trusted.
public record PendingCompensation(SubscribeReason reason, Instant notBefore, boolean resync, String cause) {
    /// Merges this compensation with an earlier pending one. An operator's request keeps its name.
    public PendingCompensation together(PendingCompensation before) {
        var earlier = reason == SubscribeReason.OPERATOR || notBefore.isBefore(before.notBefore) ? this : before;
        return new PendingCompensation(earlier.reason, earlier.notBefore, before.resync || resync, earlier.cause);
    }

    /// Returns the same at another time.
    public PendingCompensation at(Instant moment) {
        return new PendingCompensation(reason, moment, resync, cause);
    }
}
