package dev.tidemark.watermark;

import java.time.Instant;

/// A compensation that a mailbox is due, not before `notBefore`. `resync` says that the watermark is not to
/// be trusted.
public record Compensation(SubscribeReason reason, Instant notBefore, boolean resync, String cause) {
    /// Merges this compensation with an earlier pending one. An operator's request keeps its name.
    public Compensation together(Compensation before) {
        var earlier = reason == SubscribeReason.OPERATOR || notBefore.isBefore(before.notBefore) ? this : before;
        return new Compensation(earlier.reason, earlier.notBefore, before.resync || resync, earlier.cause);
    }

    /// Returns the same at another time.
    public Compensation at(Instant moment) {
        return new Compensation(reason, moment, resync, cause);
    }
}
