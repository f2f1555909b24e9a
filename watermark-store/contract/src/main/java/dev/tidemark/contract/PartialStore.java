package dev.tidemark.contract;

import dev.tidemark.watermark.CallbackIntake;
import dev.tidemark.watermark.CallbackSources;
import dev.tidemark.watermark.DeliveryStore;
import dev.tidemark.watermark.FallbackStore;
import dev.tidemark.watermark.InstanceRecord;
import dev.tidemark.watermark.Journal;
import dev.tidemark.watermark.MailboxLocationStore;
import dev.tidemark.watermark.MailboxRegistry;
import dev.tidemark.watermark.ReplayStore;
import dev.tidemark.watermark.ResyncStore;
import dev.tidemark.watermark.SubscriptionStore;
import dev.tidemark.watermark.WatermarkStore;

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
    public CallbackSources callers() {
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
    public MailboxLocationStore whereabouts() {
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
