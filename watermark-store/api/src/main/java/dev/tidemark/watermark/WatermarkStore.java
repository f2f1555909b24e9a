package dev.tidemark.watermark;

/// The store of one deployment. Everything Tidemark must not forget is behind it.
public interface WatermarkStore extends AutoCloseable {
    InstanceRecord instance();

    MailboxRegistry mailboxes();

    Subscriptions subscriptions();

    Intake intake();

    Callers callers();

    Journal journal();

    Resyncs resyncs();

    /// Returns the offsets of Exchange's clocks; a store may know none.
    default ExchangeOffsets exchangeOffsets() {
        return ExchangeOffsets.NONE;
    }

    Fallbacks fallbacks();

    Whereabouts whereabouts();

    Deliveries deliveries();

    /// What events tell of their items; a store may keep none.
    default Details details() {
        return Details.NONE;
    }

    Replays replays();

    /// Writes what is pending, marks the store as cleanly stopped and releases it.
    @Override
    void close();
}
