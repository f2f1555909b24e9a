package dev.tidemark.ews.message;

/// Response to a callback; [#UNSUBSCRIBE] is the only way to end a push subscription.
public enum SubscriptionStatus {
    OK("OK"),
    UNSUBSCRIBE("Unsubscribe");

    private final String wireName;

    SubscriptionStatus(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
