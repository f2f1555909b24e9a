package dev.tidemark.ews;

/// The opaque name that Exchange gives a subscription; new at every Subscribe, even from the same watermark
/// (docs, subscribe-operation, Comments).
public record SubscriptionId(String value) {
    public SubscriptionId {
        Texts.requireBookmark(value, "subscription id");
    }
}
