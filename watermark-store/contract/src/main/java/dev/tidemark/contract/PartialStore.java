package dev.tidemark.contract;

import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.CallbackSources;
import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.FallbackStore;
import dev.tidemark.store.Journal;
import dev.tidemark.store.MailboxLocationStore;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.ReplayStore;
import dev.tidemark.store.ResyncStore;
import dev.tidemark.store.SubscriptionStore;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.InstanceRecord;

/// Base of fakes that have some ports only: every port that is not overridden refuses to be used. Thread-safe.
public abstract class PartialStore implements WatermarkStore {
    @Override
    public InstanceRecord instance() {
        throw missing();
    }

    @Override
    public MailboxRegistry mailboxes() {
        throw missing();
    }

    @Override
    public SubscriptionStore subscriptions() {
        throw missing();
    }

    @Override
    public CallbackIntake intake() {
        throw missing();
    }

    @Override
    public CallbackSources callbackSources() {
        throw missing();
    }

    @Override
    public Journal journal() {
        throw missing();
    }

    @Override
    public ResyncStore resyncs() {
        throw missing();
    }

    @Override
    public FallbackStore fallbacks() {
        throw missing();
    }

    @Override
    public MailboxLocationStore locations() {
        throw missing();
    }

    @Override
    public DeliveryStore deliveries() {
        throw missing();
    }

    @Override
    public ReplayStore replays() {
        throw missing();
    }

    @Override
    public void close() {
        // nothing is open
    }

    private static UnsupportedOperationException missing() {
        return new UnsupportedOperationException("This fake does not have the port.");
    }
}
