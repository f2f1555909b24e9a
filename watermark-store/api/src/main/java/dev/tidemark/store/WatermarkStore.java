package dev.tidemark.store;

import dev.tidemark.store.lease.LeaseStore;
import dev.tidemark.store.model.InstanceRecord;
import dev.tidemark.store.model.StoreStatistics;
import java.util.Optional;

/// Store of one deployment, the entry point to all its ports. Opened by an engine; used by all modules.
/// Thread-safe.
public interface WatermarkStore extends AutoCloseable {
    InstanceRecord instance();

    MailboxRegistry mailboxes();

    SubscriptionStore subscriptions();

    CallbackIntake intake();

    CallbackSources callbackSources();

    Journal journal();

    ResyncStore resyncs();

    /// Returns the offsets of Exchange's clocks; [ExchangeOffsets#NONE] if the store keeps none.
    default ExchangeOffsets exchangeOffsets() {
        return ExchangeOffsets.NONE;
    }

    FallbackStore fallbacks();

    MailboxLocationStore locations();

    DeliveryStore deliveries();

    /// Returns the item details of events; [ItemDetailStore#NONE] if the store keeps none.
    default ItemDetailStore details() {
        return ItemDetailStore.NONE;
    }

    ReplayStore replays();

    /// Returns the leases of a cluster; empty if the store serves one process only.
    default Optional<LeaseStore> leases() {
        return Optional.empty();
    }

    /// Returns the measurements since the start; none if the store measures nothing.
    default StoreStatistics statistics() {
        return StoreStatistics.none();
    }

    /// Writes pending changes, marks the store as cleanly stopped and releases it.
    @Override
    void close();
}
