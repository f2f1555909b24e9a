package dev.tidemark.ews.message;

/// The events of streaming subscriptions, in Exchange's order, as they come. One thread reads; any thread may
/// close.
public interface EventStream extends AutoCloseable {
    /// Waits for the next envelope. Never throws for what the other side or the network does; after
    /// [StreamStep.Ended] it says that again. An interrupt ends the wait of a virtual thread, and with it the
    /// stream; a platform thread waits on until [#close].
    StreamStep next();

    /// Ends the stream, and the wait in [#next] with it. The subscriptions live on for a while.
    @Override
    void close();
}
