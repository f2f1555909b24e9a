package dev.tidemark.values;

import java.util.Optional;

/// A subscription that Exchange granted. The watermark is absent for streaming subscriptions only.
public record Subscribed(SubscriptionId subscriptionId, Optional<Watermark> watermark) {}
