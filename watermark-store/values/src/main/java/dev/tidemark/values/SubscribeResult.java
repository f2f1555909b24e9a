package dev.tidemark.values;

import java.util.Optional;

/// Subscription that Exchange granted. The watermark is absent for streaming subscriptions only.
public record SubscribeResult(SubscriptionId subscriptionId, Optional<Watermark> watermark) {}
