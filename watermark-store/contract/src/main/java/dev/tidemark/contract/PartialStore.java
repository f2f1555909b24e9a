package dev.tidemark.contract;

import dev.tidemark.watermark.Callers;
import dev.tidemark.watermark.Deliveries;
import dev.tidemark.watermark.Fallbacks;
import dev.tidemark.watermark.InstanceRecord;
import dev.tidemark.watermark.Intake;
import dev.tidemark.watermark.Journal;
import dev.tidemark.watermark.MailboxRegistry;
import dev.tidemark.watermark.Replays;
import dev.tidemark.watermark.Resyncs;
import dev.tidemark.watermark.Subscriptions;
import dev.tidemark.watermark.WatermarkStore;
import dev.tidemark.watermark.Whereabouts;

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
    public Subscriptions subscriptions() {
        throw missing();
    }

    @Override
    public Intake intake() {
        throw missing();
    }

    @Override
    public Callers callers() {
        throw missing();
    }

    @Override
    public Journal journal() {
        throw missing();
    }

    @Override
    public Resyncs resyncs() {
        throw missing();
    }

    @Override
    public Fallbacks fallbacks() {
        throw missing();
    }

    @Override
    public Whereabouts whereabouts() {
        throw missing();
    }

    @Override
    public Deliveries deliveries() {
        throw missing();
    }

    @Override
    public Replays replays() {
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
