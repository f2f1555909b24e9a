package dev.tidemark.watermark;

import java.time.Instant;

/// A compensation that a mailbox is due, not before `notBefore`. `resync` says that the watermark is not to
/// be trusted.
public record Compensation(SubscribeReason reason, Instant notBefore, boolean resync, String cause) {}
