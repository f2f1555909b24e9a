package dev.tidemark.store;

import dev.tidemark.store.model.InstanceRecord;

/// The store of one deployment. Everything Tidemark must not forget is behind it.
public interface WatermarkStore extends AutoCloseable {
    InstanceRecord instance();

    MailboxRegistry mailboxes();

    SubscriptionStore subscriptions();

    CallbackIntake intake();

    CallbackSources callers();

    Journal journal();

    ResyncStore resyncs();

    /// Returns the offsets of Exchange's clocks; a store may know none.
    default ExchangeOffsets exchangeOffsets() {
        return ExchangeOffsets.NONE;
    }

    FallbackStore fallbacks();

    MailboxLocationStore whereabouts();

    DeliveryStore deliveries();

    /// What events tell of their items; a store may keep none.
    default ItemDetailStore details() {
        return ItemDetailStore.NONE;
    }

    ReplayStore replays();

    /// Writes what is pending, marks the store as cleanly stopped and releases it.
    @Override
    void close();
}
