package dev.tidemark.listener;

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

/// A store of which only the intake is there.
record IntakeOnly(Intake intake) implements WatermarkStore {
    @Override
    public InstanceRecord instance() {
        throw new UnsupportedOperationException("A listener needs the intake only.");
    }

    @Override
    public MailboxRegistry mailboxes() {
        throw new UnsupportedOperationException("A listener needs the intake only.");
    }

    @Override
    public Subscriptions subscriptions() {
        throw new UnsupportedOperationException("A listener needs the intake only.");
    }

    @Override
    public Callers callers() {
        throw new UnsupportedOperationException("A listener needs the intake only.");
    }

    @Override
    public Journal journal() {
        throw new UnsupportedOperationException("A listener needs the intake only.");
    }

    @Override
    public Resyncs resyncs() {
        throw new UnsupportedOperationException("A listener needs the intake only.");
    }

    @Override
    public Whereabouts whereabouts() {
        throw new UnsupportedOperationException("A listener needs the intake only.");
    }

    @Override
    public Fallbacks fallbacks() {
        throw new UnsupportedOperationException("A listener needs the intake only.");
    }

    @Override
    public Deliveries deliveries() {
        throw new UnsupportedOperationException("A listener needs the intake only.");
    }

    @Override
    public Replays replays() {
        throw new UnsupportedOperationException("A listener needs the intake only.");
    }

    @Override
    public void close() {}
}
